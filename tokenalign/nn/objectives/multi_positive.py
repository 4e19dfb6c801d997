"""InfoNCE where a caption may describe several clips, with swapped captions to tell apart.

Shapes: B captions, C clips, E swapped captions.
"""

from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.masking import MASKED_LOGIT


def positive_mask(caption_owners: Tensor, clip_names: Tensor) -> Tensor:
    """Which pairs belong together: [B] and [C] int64 numbers of clips to [B, C] bool."""
    return caption_owners.unsqueeze(1) == clip_names.unsqueeze(0)


def multi_positive(
    score: Tensor,
    positive: Tensor,
    scale: Tensor,
    *,
    excluded: Tensor | None = None,
    swapped: Tensor | None = None,
    swapped_false: Tensor | None = None,
) -> Tensor:
    """Symmetric InfoNCE; a row's loss is the mean over its positives (as SupCon, eq. 2).

    Args:
        score: [B, C].
        positive: [B, C] bool.
        scale: inverse temperature.
        excluded: [B, C] bool, True = a pair that may well belong together though nobody said so;
            a positive pair is never left out.
        swapped: [E, C] scores of captions that tell the order wrong: further negatives of every
            clip. They stand on the text side only; a clip played backwards is another sound.
        swapped_false: [E, C] bool, False = the swapped caption happens to be true of the clip.

    Returns:
        Scalar: mean of both directions, each over rows that have a positive.
    """
    logits = scale * score
    if excluded is not None:
        logits = logits.masked_fill(excluded & ~positive, MASKED_LOGIT)
    captions, told = logits.transpose(0, 1), positive.transpose(0, 1)
    if swapped is not None:
        wrong = scale * swapped
        if swapped_false is not None:
            wrong = wrong.masked_fill(~swapped_false, MASKED_LOGIT)
        captions = torch.cat([captions, wrong.transpose(0, 1)], dim=1)
        told = torch.cat([told, torch.zeros_like(wrong.transpose(0, 1), dtype=torch.bool)], dim=1)
    return (one_way(logits, positive) + one_way(captions, told)) / 2


def one_way(logits: Tensor, positive: Tensor) -> Tensor:
    """Mean over rows with positives of the mean negative log share of a positive.

    Args:
        logits: [B, C].
        positive: [B, C] bool.

    Returns:
        Scalar.
    """
    shares = torch.where(positive, logits.log_softmax(dim=1), 0.0).sum(dim=1)
    count = positive.sum(dim=1)
    return -(shares / count.clamp(min=1)).sum() / (count > 0).sum().clamp(min=1)
