"""Losses on what sounds when, each over plain tensors; for pairs see `objectives`."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def presence(logits: Tensor, truth: Tensor, known: Tensor, *, positive_weight: float) -> Tensor:
    """Binary cross-entropy of "this phrase sounds here", over known places only.

    Args:
        logits: any shape.
        truth: same shape, bool.
        known: same shape, bool, False = left out (a frame that an event only touches).
        positive_weight: weight of a true place; true places are rare.

    Returns:
        Scalar mean over known places.
    """
    loss = nn.functional.binary_cross_entropy_with_logits(
        logits,
        truth.to(logits.dtype),
        pos_weight=torch.tensor(positive_weight, device=logits.device),
        reduction="none",
    )
    return torch.where(known, loss, 0.0).sum() / known.sum().clamp(min=1)


def salience(share: Tensor, sounding: Tensor, known: Tensor) -> Tensor:
    """Binary cross-entropy of "something sounds in this frame", over known frames.

    Without it, faint noise takes part in a window's gist, and the same event scores lower the
    longer the noise around it lasts.

    Args:
        share: [C, M] on [0, 1], the weight of each frame in the gist (norm of its gist vector).
        sounding: [C, M] bool.
        known: [C, M] bool.

    Returns:
        Scalar mean over known frames.
    """
    loss = nn.functional.binary_cross_entropy(
        share.clamp(1e-6, 1 - 1e-6), sounding.to(share.dtype), reduction="none"
    )
    return torch.where(known, loss, 0.0).sum() / known.sum().clamp(min=1)
