"""AttFlat: one vector of a side, by learned shares of its entries (Yu et al. 2019, eq. 10)."""

from __future__ import annotations

from torch import Tensor, nn

from tokenalign.nn.coattention.attention import Side
from tokenalign.nn.masking import masked_softmax


class AttFlat(nn.Module):
    """Weighted mean of entries, through one more layer.

    Args:
        width: W.
        dropout: share of states dropped in training.
    """

    def __init__(self, *, width: int, dropout: float) -> None:
        super().__init__()
        self.weigh = nn.Sequential(
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(width, 1)
        )
        self.merge = nn.Linear(width, 2 * width)

    def forward(self, side: Side) -> Tensor:
        """[K, 2 W]; a side without entries counts as zeros."""
        shares = masked_softmax(self.weigh(side.states).squeeze(-1), side.mask)
        merged: Tensor = self.merge((shares.unsqueeze(-1) * side.states).sum(dim=1))
        return merged
