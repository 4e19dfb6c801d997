"""Features as the heads of an attention have them."""

from __future__ import annotations

from torch import Tensor


def split_heads(features: Tensor, heads: int) -> Tensor:
    """[B, N, H·d] to [B, H, N, d]."""
    batch, count, width = features.shape
    return features.reshape(batch, count, heads, width // heads).transpose(1, 2)


def join_heads(features: Tensor) -> Tensor:
    """[B, H, N, d] to [B, N, H·d]."""
    return features.transpose(1, 2).flatten(2)
