"""What language says of time and absence, as a part of its own: `Alignment` without its gist.

Shapes: B captions, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.alignment import PADDING, Alignment
from tokenalign.query.types import NEGATED


def order_score(
    alignment: Alignment, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor
) -> Tensor:
    """The ordered smooth maximum, less what sounds though it must not.

    Args:
        alignment: the score that training and search share.
        phrases: [B, P, D] unit vectors.
        rank: [B, P] int64: time group, or NEGATED, ANYTIME, PADDING.
        frames: [C, M, D].
        mask: [C, M] bool.

    Returns:
        [B, C].
    """
    no_gist = torch.zeros_like(frames[:, 0])
    score: Tensor = alignment(phrases, rank, frames, mask, no_gist)[0]
    return score


def absence_score(
    alignment: Alignment, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor
) -> Tensor:
    """Only what "without" takes away: [B, C], nowhere above 0. Arguments as `order_score`."""
    negated_only = torch.where(rank == NEGATED, rank, PADDING)
    return order_score(alignment, phrases, negated_only, frames, mask)
