"""Captions against clips: the one score that training, search and grounding share.

Local: each phrase's similarity to each frame, a smooth maximum over frames, and for phrases in
time a smooth maximum over ordered frames. Coverage: how much of what sounds is in the caption.
Global: the caption's gist against the window's gist, unless phrases sound at once. Phrases under
"without" take their calibrated presence away. Exported as ``align.onnx``.

Shapes: B captions, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tokenalign.first_stage import FirstStage
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.query.types import ANYTIME, MAX_PHRASES, NEGATED

PADDING = -3
"""Rank of a phrase that is not there (captions of a batch differ in length)."""

FLOOR = -8.0
"""Similarity that stands for "cannot be": far below -1, and finite."""

UNDERFLOW = 1e-30
"""Added to sums of exponentials, so that their logarithm stays finite."""


@dataclass(frozen=True)
class AlignmentConfig:
    """Constants of the score.

    Attributes:
        sharpness: beta of the smooth maxima; the higher, the nearer to a plain maximum.
        window_frames: frames of a full window; presence is measured against it, however short
            the clip.
        local_weight: share of the phrases' presence, in order of time; 0 leaves a dual encoder of
            gists, which then count for sounds at once too.
        global_weight: share of the gist's similarity.
        coverage_weight: share of the coverage.
        max_groups: how many phrases in a row the recursion is unrolled for.
    """

    sharpness: float = 12.0
    window_frames: int = 64
    local_weight: float = 1.0
    global_weight: float = 0.5
    coverage_weight: float = 0.3
    max_groups: int = MAX_PHRASES


def smooth_max_until(similarity: Tensor, sharpness: float) -> Tensor:
    """Smooth maximum over all frames up to each one.

    ``(1/β) log Σ_{u<=t} exp(β s(u))``, shifted by the maximum.

    Args:
        similarity: [..., M].
        sharpness: β.

    Returns:
        [..., M].
    """
    peak = similarity.amax(dim=-1, keepdim=True).detach()
    sums = torch.cumsum(torch.exp(sharpness * (similarity - peak)), dim=-1)
    return peak + torch.log(sums + UNDERFLOW) / sharpness


def smooth_max(similarity: Tensor, sharpness: float) -> Tensor:
    """``(1/β) log Σ_m exp(β s(m))`` over the last axis, shifted by the maximum."""
    peak = similarity.amax(dim=-1, keepdim=True).detach()
    sums = torch.exp(sharpness * (similarity - peak)).sum(dim=-1)
    return peak.squeeze(-1) + torch.log(sums + UNDERFLOW) / sharpness


class Alignment(BundleScore):
    """Scores of captions against clips.

    Args:
        config: constants of the score.
    """

    order_offsets: Tensor

    def __init__(self, config: AlignmentConfig) -> None:
        super().__init__()
        self.config = config
        # Of k ordered frames among a full window's there are C(M0, k) choices.
        choices = [
            math.log(math.comb(config.window_frames, k)) for k in range(config.max_groups + 1)
        ]
        self.register_buffer(
            "order_offsets", torch.tensor(choices) / config.sharpness, persistent=False
        )

    @property
    def first_stage(self) -> FirstStage:
        """As `BundleScore.first_stage`."""
        return FirstStage(
            local_weight=self.config.local_weight,
            global_weight=self.config.global_weight,
            without_weight=self.without_weight.item(),
            slope=self.presence_calibration.slope.item(),
            threshold=self.presence_calibration.threshold.item(),
            sharpness=self.config.sharpness,
        )

    def forward(
        self, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor, windows: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As `BundleScore.forward`."""
        similarity = self.similarity(phrases, frames, mask)
        raw_presence = self.raw_presence(similarity)
        presence = self.presence_calibration(raw_presence)
        gist = self._gist(phrases, rank, windows)
        negated = (rank == NEGATED).unsqueeze(1)
        spoilt = torch.where(negated, presence, 0.0).sum(dim=-1)
        config = self.config
        score = config.global_weight * gist - self.without_weight * spoilt
        if config.local_weight > 0.0:
            local = self._local(similarity, raw_presence, rank)
            score = score + config.local_weight * local
        if config.coverage_weight > 0.0:
            coverage = self._coverage(similarity, rank, frames, mask)
            score = score + config.coverage_weight * coverage
        return score, presence, self.frame_calibration(similarity)

    def similarity(self, phrases: Tensor, frames: Tensor, mask: Tensor) -> Tensor:
        """Cosine-like similarity of phrases and frames, [B, C, P, M]; FLOOR where no frame is."""
        captions, count, width = phrases.shape
        products = phrases.reshape(-1, width) @ frames.reshape(-1, width).transpose(0, 1)
        products = products.reshape(captions, count, frames.shape[0], frames.shape[1])
        return products.transpose(1, 2).masked_fill(~mask[None, :, None, :], FLOOR)

    def raw_presence(self, similarity: Tensor) -> Tensor:
        """Smooth maximum over frames, measured against a full window: [..., M] to [...]."""
        offset = math.log(self.config.window_frames) / self.config.sharpness
        return smooth_max(similarity, self.config.sharpness) - offset

    def _local(self, similarity: Tensor, raw_presence: Tensor, rank: Tensor) -> Tensor:
        """Mean over time groups and phrases of any time, [B, C]."""
        ordered, groups = self._ordered(similarity, rank)
        anytime = (rank == ANYTIME).unsqueeze(1)
        anytime_sum = torch.where(anytime, raw_presence, 0.0).sum(dim=-1)
        terms = groups + (rank == ANYTIME).sum(dim=-1)
        return (ordered + anytime_sum) / terms.clamp(min=1).unsqueeze(1)

    def _ordered(self, similarity: Tensor, rank: Tensor) -> tuple[Tensor, Tensor]:
        """Smooth maximum over m_1 < m_2 < ... of the groups' summed similarities.

        Returns:
            [B, C] sums over groups, with the count of choices taken off, and [B] group counts.
        """
        beta = self.config.sharpness
        groups = (rank.amax(dim=-1) + 1).clamp(min=0)
        best = smooth_max_until(self._together(similarity, rank, 0), beta)
        # Exported, the recursion is unrolled for good; in training it stops where the batch does.
        exporting = torch.onnx.is_in_onnx_export()
        unroll = self.config.max_groups if exporting else int(groups.max())
        for group in range(1, unroll):
            before = nn.functional.pad(best[..., :-1], (1, 0), value=FLOOR)
            longer = smooth_max_until(before + self._together(similarity, rank, group), beta)
            best = torch.where((groups > group)[:, None, None], longer, best)
        total = best[..., -1] - self.order_offsets[groups].unsqueeze(1)
        return torch.where((groups > 0).unsqueeze(1), total, 0.0), groups

    def _together(self, similarity: Tensor, rank: Tensor, group: int) -> Tensor:
        """Smooth minimum over the phrases of one time group, [B, C, M]."""
        beta = self.config.sharpness
        member = (rank == group)[:, None, :, None]
        opposed = torch.where(member, -similarity, 2 * FLOOR)
        count = member.sum(dim=2).clamp(min=1)
        lowest = smooth_max(opposed.transpose(2, 3), beta) - torch.log(count) / beta
        return -lowest

    def _coverage(self, similarity: Tensor, rank: Tensor, frames: Tensor, mask: Tensor) -> Tensor:
        """Mean over sounding frames of the nearest wanted phrase's similarity, [B, C].

        Of two clips with the wanted sound, the one with less else in it is nearer to the caption.
        0 for captions that tell of an order: what sounds in between is left open. Frames in which
        nothing sounds are zero (`tokenalign.silence`).
        """
        nearest = torch.where(wanted(rank)[:, None, :, None], similarity, FLOOR).amax(dim=2)
        # Not (frames != 0).any(): that took longer than all else in the exported graph together.
        sounding: Tensor = mask & (torch.linalg.vector_norm(frames, ord=1, dim=-1) > 0)
        one_moment = wanted(rank).any(dim=-1) & (rank.amax(dim=-1) <= 0)
        counted = sounding & one_moment[:, None, None]
        total = torch.where(counted, nearest, 0.0).sum(dim=-1)
        return total / sounding.sum(dim=-1).clamp(min=1)

    def _gist(self, phrases: Tensor, rank: Tensor, windows: Tensor) -> Tensor:
        """Cosine of the wanted phrases' unit sum with the windows' gist, [B, C].

        0 for captions with phrases that sound at once, where frames have a say: a gist cannot tell
        at once from in turn, and is nearer where each of two sounds has seconds to itself.
        """
        counted = wanted(rank)
        if self.config.local_weight > 0.0:
            at_once = (rank >= 0).sum(dim=-1) > (rank.amax(dim=-1) + 1).clamp(min=0)
            counted = counted & ~at_once.unsqueeze(-1)
        total = torch.where(counted.unsqueeze(-1), phrases, 0.0).sum(dim=1)
        return nn.functional.normalize(total, dim=-1) @ windows.transpose(0, 1)


def wanted(rank: Tensor) -> Tensor:
    """Phrases that shall sound, any shape."""
    return (rank >= 0) | (rank == ANYTIME)
