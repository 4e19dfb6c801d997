"""Where in a clip each word is to be heard, read off the whole caption.

In "B after A" the first words sound last: a token's number does not tell its place, and a phrase
alone cannot know it. A second pass over the caption's tokens moves each token from its own place.

Shapes: B captions, N tokens, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.nn.heads import join_heads, split_heads
from tokenalign.nn.levels.gaussian_bias import places
from tokenalign.nn.masking import masked_softmax

WAVES = 4
"""Pairs of sine and cosine that tell the pass a token's own place."""


class ContextualPlaces(nn.Module):
    """Predicts the places μ_n: ``sigmoid(logit(own place) + shift)``, on [0, 1].

    Args:
        width: D of the tokens, which may come from any encoder.
        hidden: width of the pass.
        heads: of its attention over the caption.
    """

    def __init__(self, *, width: int, hidden: int = 64, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.enter = nn.Linear(width + 2 * WAVES, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden, bias=False)
        self.value = nn.Linear(hidden, hidden)
        self.mix = nn.Linear(hidden, hidden)
        self.leave = nn.Sequential(nn.LayerNorm(hidden), nn.GELU())
        self.shift = nn.Linear(hidden, 1)
        nn.init.normal_(self.shift.weight, std=0.02)  # starts at the tokens' own places
        nn.init.zeros_(self.shift.bias)

    def forward(self, tokens: Tensor, token_mask: Tensor) -> Tensor:
        """Places of all tokens.

        Args:
            tokens: [B, N, D] of whole captions.
            token_mask: [B, N] bool.

        Returns:
            [B, N] on [0, 1]; 0 where no token is.
        """
        own = places(token_mask)
        states = self.enter(torch.cat([tokens, _waves(own)], dim=-1))
        asked = self.norm(states)
        query, key, value = (
            split_heads(layer(asked), self.heads) for layer in (self.query, self.key, self.value)
        )
        logits = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
        weights = masked_softmax(logits, token_mask[:, None, None, :])
        answer = join_heads(weights @ value)
        shift = self.shift(self.leave(states + self.mix(answer))).squeeze(-1)
        moved = torch.sigmoid(torch.logit(own, eps=1e-3) + shift)
        return torch.where(token_mask, moved, 0.0)


def _waves(place: Tensor) -> Tensor:
    """Sines and cosines of a place on [0, 1], [..., 2 · WAVES]."""
    turns = torch.pi * 2.0 ** torch.arange(WAVES, device=place.device)
    angles = place.unsqueeze(-1) * turns
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
