"""Attention blocks over one side of a pair: it reads itself (SA), and the other side (SGA).

After Yu et al. 2019, "Deep Modular Co-Attention Networks", section 3.1: post-norm residual blocks,
``x = LN(x + Drop(f(x)))``.

Shapes: K pairs, N and M entries of the two sides, W width; masks are bool, True = real.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.heads import join_heads, split_heads


class Side(NamedTuple):
    """One side of K pairs: their tokens, or their frames.

    Attributes:
        states: [K, N, W].
        mask: [K, N] bool.
    """

    states: Tensor
    mask: Tensor


class Attention(nn.Module):
    """Multi-head attention with its residual: one side asks, the same or the other answers.

    Args:
        config: width, heads and dropout.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width, bias=False)  # a softmax ignores constants
        self.value = nn.Linear(config.width, config.width)
        self.mix = nn.Linear(config.width, config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.norm = nn.LayerNorm(config.width)

    def forward(self, asking: Tensor, answering: Side) -> Tensor:
        """States [K, N, W] of the asking side.

        Args:
            asking: [K, N, W].
            answering: where entries that are not there give no answer. A side without any entry
                answers as if all of it were there, which keeps the states finite; pooling leaves
                such a side out.
        """
        there = answering.mask | ~answering.mask.any(dim=-1, keepdim=True)
        answer = scaled_dot_product_attention(
            split_heads(self.query(asking), self.heads),
            split_heads(self.key(answering.states), self.heads),
            split_heads(self.value(answering.states), self.heads),
            attn_mask=there[:, None, None, :],
        )
        mixed = self.mix(join_heads(answer))
        states: Tensor = self.norm(asking + self.dropout(mixed))
        return states


class Feed(nn.Module):
    """The feed-forward block with its residual.

    Args:
        config: width, inner width and dropout.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Linear(config.width, config.feed * config.width),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.feed * config.width, config.width),
            nn.Dropout(config.dropout),
        )
        self.norm = nn.LayerNorm(config.width)

    def forward(self, states: Tensor) -> Tensor:
        """States [K, N, W] to the same shape."""
        fed: Tensor = self.norm(states + self.inner(states))
        return fed


class SelfAttention(nn.Module):
    """SA: a side reads itself.

    Args:
        config: sizes.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.own = Attention(config)
        self.feed = Feed(config)

    def forward(self, side: Side) -> Side:
        """The side, each entry in the light of the others."""
        return side._replace(states=self.feed(self.own(side.states, side)))


class GuidedAttention(nn.Module):
    """SGA: a side reads itself, then the other.

    Args:
        config: sizes.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.own = Attention(config)
        self.guided = Attention(config)
        self.feed = Feed(config)

    def forward(self, side: Side, guide: Side) -> Side:
        """The side in the light of its guide."""
        states = self.own(side.states, side)
        return side._replace(states=self.feed(self.guided(states, guide)))


def placed(states: Tensor) -> Tensor:
    """States with the sinusoids of their entries' numbers added (Vaswani et al. 2017, 3.5).

    Args:
        states: [K, N, W], W even.

    Returns:
        [K, N, W]. An entry's place does not depend on how much padding follows.
    """
    count, width = states.shape[1:]
    number = torch.arange(count, device=states.device, dtype=states.dtype)
    half = torch.arange(width // 2, device=states.device, dtype=states.dtype)
    angles = number.unsqueeze(1) * torch.pow(10_000.0, -2.0 * half / width)
    return states + torch.cat([angles.sin(), angles.cos()], dim=-1)
