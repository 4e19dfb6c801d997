"""Leaving out what is not there, and staying finite where nothing is."""

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


def attention_bias(token_mask: Tensor) -> Tensor:
    """What is added to attention logits [P, heads, N, N] so that padding is passed over.

    Ready-made: the masking code of published models neither exports nor traces well.

    Args:
        token_mask: [P, N] bool, True = real.

    Returns:
        [P, 1, 1, N].
    """
    return torch.where(token_mask[:, None, None, :], 0.0, MASKED_LOGIT)


def own_tokens(token_mask: Tensor, special: Tensor) -> Tensor:
    """A text's own tokens, [P, N] bool; a text of specials alone keeps them: no row is empty.

    Args:
        token_mask: [P, N] bool, True = real (specials included).
        special: [P, N] bool, True = a special token, which carries no meaning of the text.
    """
    named = token_mask & ~special
    return named | (token_mask & ~named.any(dim=-1, keepdim=True))
