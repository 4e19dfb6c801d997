"""Co-attention retrieval: a dual encoder finds candidates, the matching head judges each pair.

A co-attended embedding is a function of the pair. So nothing that has read a clip is kept or
compared with another clip: the first stage has seen one side alone, the matching head is asked anew
for every pair.

Shapes: B captions, C clips, K pairs, N tokens, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import Alignment, AlignmentConfig, wanted
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.coattention.pair_match import PairMatch
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.objectives.hard_pairs import Pairs

GISTS = AlignmentConfig(local_weight=0.0, global_weight=1.0, coverage_weight=0.0)
"""The first stage: cosine of a caption's phrases and a clip, less what must not sound."""

RERANKED = 100
"""Best clips of the first stage that are judged."""

PAIRS_AT_ONCE = 512


class CoAttentionMatcher(nn.Module):
    """Scores of captions against clips.

    Args:
        config: of the matching head.
        width: D.
        alignment: of the first stage; its weights are those of `GISTS`.
    """

    def __init__(
        self, config: CoAttentionConfig, *, width: int, alignment: AlignmentConfig = GISTS
    ) -> None:
        super().__init__()
        self.config = config
        self.alignment = Alignment(alignment)
        self.pair_match = PairMatch(config, width=width)

    def forward(self, captions: Captions, clips: Clips) -> Tensor:
        """The whole score of every pair, [B, C]: for galleries that fit."""
        return self.rank(captions, clips, most=len(clips.frames))

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
        """The dual encoder's score of every pair, [B, C]."""
        score: Tensor = self.alignment(
            captions.phrases, captions.rank, clips.frames, clips.mask, clips.windows
        )[0]
        return score

    def judge(self, captions: Captions, clips: Clips, rows: Tensor, columns: Tensor) -> Tensor:
        """Logits [K] of captions ``rows`` [K] and clips ``columns`` [K] belonging together."""
        logits = [
            self.pair_match(
                captions.tokens[row], captions.token_mask[row], clips.frames[column],
                clips.mask[column],
            )
            for row, column in zip(
                torch.split(rows, PAIRS_AT_ONCE), torch.split(columns, PAIRS_AT_ONCE), strict=True
            )
        ]  # fmt: skip
        return torch.cat(logits)

    def matching_loss(self, captions: Captions, clips: Clips, pairs: Pairs) -> Tensor:
        """Binary cross-entropy of pairs belonging together, a scalar."""
        logits = self.judge(captions, clips, pairs.captions, pairs.clips)
        return nn.functional.binary_cross_entropy_with_logits(
            logits, pairs.together.to(logits.dtype)
        )

    def caption_vectors(self, captions: Captions) -> Tensor:
        """What the first stage holds against whole clips, [B, D] unit vectors."""
        return unit_mean(captions.phrases, wanted(captions.rank))
