"""Wrong pairs that are hard to tell from true ones, drawn from a batch by first-stage likeness.

The draw follows Li et al. 2021 (ALBEF), section 3.2: of a caption's wrong clips, one is drawn with
the probability that the contrastive softmax gives it, and likewise of a clip's wrong captions.

Shapes: B captions, C clips, K pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Pairs(NamedTuple):
    """Pairs to be judged.

    Attributes:
        captions: [K] int64 rows of captions.
        clips: [K] int64 rows of clips.
        together: [K] bool, whether they belong together.
    """

    captions: Tensor
    clips: Tensor
    together: Tensor


@torch.no_grad()
def hard_pairs(
    score: Tensor,
    positive: Tensor,
    scale: Tensor,
    *,
    excluded: Tensor | None = None,
    negatives: int = 1,
) -> Pairs:
    """All true pairs, and wrong ones of every caption and of every clip.

    Args:
        score: [B, C] of the first stage.
        positive: [B, C] bool.
        scale: inverse temperature.
        excluded: [B, C] bool, True = a pair that may belong together though nobody said so.
        negatives: drawn for each caption and each clip, with replacement; none for one that has
            no wrong partner.
    """
    wrong = ~positive if excluded is None else ~(positive | excluded)
    captions, clips = positive.nonzero(as_tuple=True)
    asking, answers = _drawn(score, wrong, scale, negatives)
    answering, askers = _drawn(score.transpose(0, 1), wrong.transpose(0, 1), scale, negatives)
    together = torch.zeros(len(captions) + len(asking) + len(askers), dtype=torch.bool)
    together[: len(captions)] = True
    return Pairs(
        torch.cat([captions, asking, askers]),
        torch.cat([clips, answers, answering]),
        together.to(score.device),
    )


def _drawn(score: Tensor, wrong: Tensor, scale: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Rows that have a wrong partner, each `count` times, and the partners drawn for them."""
    rows = wrong.any(dim=1).nonzero().squeeze(1)
    logits = (scale * score.float())[rows].masked_fill(~wrong[rows], -torch.inf)
    if not len(rows):
        return rows, rows
    drawn = torch.multinomial(logits.softmax(dim=1), count, replacement=True)
    return rows.repeat_interleave(count), drawn.flatten()
