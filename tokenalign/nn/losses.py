"""Training losses, each over plain tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

EXCLUDED_LOGIT = -1e4
"""Logit of a pair that is neither positive nor negative."""


def contrastive(score: Tensor, excluded: Tensor, scale: Tensor) -> Tensor:
    """Symmetric InfoNCE over all pairs of a batch (van den Oord et al. 2018, eq. 4).

    Args:
        score: [B, B], captions by clips; the diagonal holds the true pairs.
        excluded: [B, B] bool, True = another clip that the caption describes as well as its own.
        scale: inverse temperature.

    Returns:
        Scalar: mean of both directions.
    """
    diagonal = torch.eye(len(score), dtype=torch.bool, device=score.device)
    logits = (scale * score).masked_fill(excluded & ~diagonal, EXCLUDED_LOGIT)
    target = torch.arange(len(score), device=score.device)
    to_audio = nn.functional.cross_entropy(logits, target)
    to_text = nn.functional.cross_entropy(logits.transpose(0, 1), target)
    return (to_audio + to_text) / 2


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
