"""The hardest-negative triplet loss (Faghri et al. 2018, VSE++): the paper's main loss.

Alone and from the start it collapses (one wrong clip steers a whole row): use it beside InfoNCE,
after the warm-up.

Shapes: B captions, C clips.
"""

from __future__ import annotations

import torch
from torch import Tensor


def hardest_triplet(
    score: Tensor, positive: Tensor, *, margin: float = 0.2, excluded: Tensor | None = None
) -> Tensor:
    """Each true pair must beat the best wrong clip, and the best wrong caption, by a margin.

    Args:
        score: [B, C].
        positive: [B, C] bool; a positive pair is never taken for a negative.
        margin: by how much.
        excluded: [B, C] bool, True = a pair that is no negative either.

    Returns:
        Scalar: mean over positive pairs of both hinges; a row or column without negatives
        adds nothing.
    """
    negative = ~positive if excluded is None else ~(positive | excluded)
    wrong = torch.where(negative, score, -torch.inf)
    clip, caption = wrong.amax(dim=1, keepdim=True), wrong.amax(dim=0, keepdim=True)
    hinges = _hinge(score, clip, margin) + _hinge(score, caption, margin)
    return torch.where(positive, hinges, 0.0).sum() / positive.sum().clamp(min=1)


def _hinge(score: Tensor, wrong: Tensor, margin: float) -> Tensor:
    exists = wrong.isfinite()
    gap = margin - score + torch.where(exists, wrong, 0.0)
    return torch.where(exists, gap.clamp(min=0.0), 0.0)
