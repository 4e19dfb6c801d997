"""A softmax that leaves out what is not there, and stays finite where nothing is."""

from __future__ import annotations

import torch
from torch import Tensor

MASKED_LOGIT = -1e4
"""Logit of what is not there: finite, so that an empty row gives no NaN, forward or backward."""


def masked_softmax(logits: Tensor, mask: Tensor) -> Tensor:
    """Shares over the last axis that sum to 1 over real entries; zeros in an empty row.

    Args:
        logits: [..., N].
        mask: bool, broadcasts to the logits; True = real.
    """
    shares = logits.masked_fill(~mask, MASKED_LOGIT).softmax(dim=-1)
    return torch.where(mask, shares, 0.0)
