"""The local level: every word or phrase takes its best frame, and the words are summed.

``L(t, a) = Σ_n w_n max_m <t_n, a_m>`` with weights that sum to 1 over a caption's units, so that
long captions score on the same scale as short ones. The maximum is hard (the paper's) or smooth,
which gives gradient to every frame that comes close.

Shapes: B captions, N units (tokens or phrases), C clips, M frames, D width; masks are bool,
True = real.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import FLOOR, smooth_max
from tokenalign.nn.masking import masked_softmax


def similarities(units: Tensor, frames: Tensor, frame_mask: Tensor) -> Tensor:
    """Products of all units with all frames, [B, C, N, M]; FLOOR where no frame is."""
    products = torch.einsum("bnd,cmd->bcnm", units, frames)
    return products.masked_fill(~frame_mask[None, :, None, :], FLOOR)


class UnitWeights(nn.Module):
    """Learned weights of a caption's units; all alike before training.

    Args:
        width: D.
    """

    def __init__(self, *, width: int) -> None:
        super().__init__()
        self.weigh = nn.Linear(width, 1, bias=False)
        nn.init.zeros_(self.weigh.weight)

    def forward(self, units: Tensor, unit_mask: Tensor) -> Tensor:
        """Weights [B, N] that sum to 1 over real units; zeros for a caption without any.

        Args:
            units: [B, N, D].
            unit_mask: [B, N] bool.
        """
        return masked_softmax(self.weigh(units).squeeze(-1), unit_mask)


class MaxSum(nn.Module):
    """Scores of all captions against all clips.

    Args:
        width: D.
        smooth: a smooth maximum over frames instead of the hard one.
        sharpness: β of the smooth maximum.
        window_frames: frames of a full window, M₀; the smooth maximum is measured against
            ``log(M₀)/β``, however short the clip, so that it stays comparable between clips.
    """

    def __init__(
        self, *, width: int, smooth: bool, sharpness: float = 12.0, window_frames: int = 64
    ) -> None:
        super().__init__()
        self.smooth = smooth
        self.sharpness = sharpness
        self.offset = math.log(window_frames) / sharpness
        self.weights = UnitWeights(width=width)

    def forward(
        self, units: Tensor, unit_mask: Tensor, frames: Tensor, frame_mask: Tensor
    ) -> Tensor:
        """Score every pair.

        Args:
            units: [B, N, D] unit vectors.
            unit_mask: [B, N] bool.
            frames: [C, M, D], of length 1 or shorter.
            frame_mask: [C, M] bool.

        Returns:
            [B, C]; 0 for a caption without units, about FLOOR for a clip without frames.
        """
        best = self.best(similarities(units, frames, frame_mask))
        return torch.einsum("bn,bcn->bc", self.weights(units, unit_mask), best)

    def best(self, similarity: Tensor) -> Tensor:
        """The maximum over frames, [..., M] to [...]."""
        if self.smooth:
            return smooth_max(similarity, self.sharpness) - self.offset
        return similarity.amax(dim=-1)
