"""Co-attention retrieval: a dual encoder finds candidates, a matching head judges each pair.

A co-attended embedding is a function of the pair. So nothing that has read a clip is kept or
compared with another clip: the first stage has seen one side alone, and the matching head is asked
anew for every pair.

Shapes: B captions, C clips, K pairs, N tokens, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.bundle import Reranking
from tokenalign.nn.alignment import Alignment, AlignmentConfig, wanted
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.coattention.pair_match import PairMatch
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.objectives.hard_pairs import Pairs, hard_pairs
from tokenalign.nn.objectives.multi_positive import multi_positive

GISTS = AlignmentConfig(local_weight=0.0, global_weight=1.0, coverage_weight=0.0)
"""The first stage: cosine of a caption's phrases and a clip's mean, less what must not sound."""

RERANKED = 100
"""Best clips of the first stage that are judged."""

PAIRS_AT_ONCE = 512


class FrameMean(nn.Module):
    """A window's vector: the unit mean of its frames, which thereby learn what sounds in them."""

    def forward(self, frames: Tensor, mask: Tensor) -> Tensor:
        """Frames [C, M, D] and mask [C, M] to [C, D]."""
        return unit_mean(frames, mask)


class CoAttentionMatcher(Matcher):
    """The `Matcher` of a configuration.

    Args:
        config: of the matching head.
        width: D.
    """

    system = "coattention"
    reads = CoAttentionConfig.reads
    alignment: Alignment

    def __init__(self, config: CoAttentionConfig, *, width: int) -> None:
        super().__init__()
        self.config = config
        self.alignment = Alignment(GISTS)
        self.pool_frames = FrameMean()
        self.pair_match = PairMatch(config, width=width)
        self.reranking = Reranking(weight=config.pair_weight, most=RERANKED)

    @property
    def window_encoder(self) -> FrameMean:
        """As `Matcher.window_encoder`."""
        return self.pool_frames

    @property
    def matching_head(self) -> PairMatch:
        """As `Matcher.matching_head`."""
        return self.pair_match

    def forward(self, captions: Captions, clips: Clips) -> Tensor:
        """As `rank`: of up to `RERANKED` clips the whole score of every pair."""
        return self.rank(captions, clips)

    def losses(
        self, captions: Captions, clips: Clips, relations: Relations, scale: Tensor
    ) -> dict[str, Tensor]:
        """InfoNCE of the first stage, and cross-entropy of the matching head.

        The head sees every true pair, and wrong ones that the first stage takes for likely: all
        pairs would cost as many forward passes, most of them too easy to learn from.
        """
        first = self.first_stage(captions, clips)
        positive, excluded = relations.positive, relations.excluded
        pairs = hard_pairs(
            first, positive, scale, excluded=excluded, negatives=self.config.negatives
        )
        return {
            "contrastive": multi_positive(first, positive, scale, excluded=excluded),
            "matching": self._matching(captions, clips, pairs),
        }

    def rank(self, captions: Captions, clips: Clips, *, most: int = RERANKED) -> Tensor:
        """The score for ranking a gallery: only each caption's best clips are judged.

        The others take the least probability there is (0), so that none overtakes by that.

        Args:
            captions: any number.
            clips: the gallery.
            most: candidates of each caption.

        Returns:
            [B, C].
        """
        first = self.first_stage(captions, clips)
        candidates = first.topk(min(most, first.shape[1]), dim=1).indices
        rows = torch.arange(len(first), device=first.device).unsqueeze(1).expand_as(candidates)
        logits = self.judge(captions, clips, rows.flatten(), candidates.flatten())
        together = torch.zeros_like(first)
        together[rows, candidates] = logits.sigmoid().view_as(candidates).to(first.dtype)
        return first + self.config.pair_weight * together

    def first_stage(self, captions: Captions, clips: Clips) -> Tensor:
        """The dual encoder's score of every pair."""
        score: Tensor = self.alignment(
            captions.phrases,
            captions.rank,
            clips.frames,
            clips.mask,
            self.pool_frames(clips.frames, clips.mask),
        )[0]
        return score

    def judge(self, captions: Captions, clips: Clips, rows: Tensor, columns: Tensor) -> Tensor:
        """Logits [K] of captions ``rows`` [K] and clips ``columns`` [K] belonging together."""
        logits = [
            self.pair_match(
                captions.tokens[row],
                captions.token_mask[row],
                clips.frames[column],
                clips.mask[column],
            )
            for row, column in zip(
                torch.split(rows, PAIRS_AT_ONCE), torch.split(columns, PAIRS_AT_ONCE), strict=True
            )
        ]
        return torch.cat(logits)

    def caption_vectors(self, captions: Captions) -> Tensor:
        """What the first stage holds against whole clips."""
        return unit_mean(captions.phrases, wanted(captions.rank))

    def frame_scores(self, captions: Captions, clips: Clips) -> Tensor:
        """What each frame adds to the first stage's score, as far as it depends on the caption."""
        return torch.einsum("bd,cmd->bcm", self.caption_vectors(captions), clips.frames)

    def _matching(self, captions: Captions, clips: Clips, pairs: Pairs) -> Tensor:
        logits = self.judge(captions, clips, pairs.captions, pairs.clips)
        truth = pairs.together.to(logits.dtype)
        return nn.functional.binary_cross_entropy_with_logits(logits, truth)
