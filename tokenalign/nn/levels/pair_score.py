"""The reranking score: what a caption, enriched by a clip, says of the two belonging together.

It must be computed for each candidate pair; see `cross_attention`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PairScore(nn.Module):
    """A caption's enriched tokens to one score a pair, within [-1, 1].

    Args:
        width: D.
    """

    def __init__(self, *, width: int) -> None:
        super().__init__()
        self.judge = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1)
        )

    def forward(self, enriched: Tensor, token_mask: Tensor) -> Tensor:
        """The hyperbolic tangent of `verdict`, whose arguments it has: [B, K]."""
        return torch.tanh(self.verdict(enriched, token_mask))

    def verdict(self, enriched: Tensor, token_mask: Tensor) -> Tensor:
        """Mean over real tokens of what each says of the clip.

        Args:
            enriched: [B, K, N, D].
            token_mask: [B, N] bool.

        Returns:
            [B, K] without bounds; 0 for a caption without tokens.
        """
        said = self.judge(enriched).squeeze(-1)
        count = token_mask.sum(dim=-1).clamp(min=1).unsqueeze(1)
        total = torch.where(token_mask.unsqueeze(1), said, 0.0).sum(dim=-1)
        mean: Tensor = total / count
        return mean
