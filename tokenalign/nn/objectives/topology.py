"""Intra-modal topology: two clips are as alike as their captions are.

Both similarities are of features, over the same pairs of items. (The paper's code compares rows
of the score matrix, an audio pair with a text pair of two other items.)

Shapes: B pairs of a clip and its caption, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor


def topology(
    audio: Tensor, text: Tensor, *, counted: Tensor | None = None, margin: float = 0.0
) -> Tensor:
    """Mean squared difference of ``<a_i, a_j>`` and ``<t_i, t_j>`` over all i ≠ j.

    Args:
        audio: [B, D] unit vectors of clips.
        text: [B, D'] unit vectors; row i is the caption of clip i.
        counted: [B] bool, False = an item without a caption or a clip.
        margin: how far apart the two may be for nothing.

    Returns:
        Scalar; 0 where fewer than two items count.
    """
    apart = (audio @ audio.transpose(0, 1) - text @ text.transpose(0, 1)).abs()
    gap = (apart - margin).clamp(min=0.0).square()
    pairs = ~torch.eye(len(audio), dtype=torch.bool, device=audio.device)
    if counted is not None:
        pairs = pairs & counted.unsqueeze(0) & counted.unsqueeze(1)
    return torch.where(pairs, gap, 0.0).sum() / pairs.sum().clamp(min=1)
