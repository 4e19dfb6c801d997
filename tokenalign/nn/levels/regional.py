"""The regional level: a clip's events against a caption's phrases, by entropic optimal transport.

``Γ = argmin_Γ <Γ, 1 - S> - ε H(Γ)`` with the events' shares of time and the phrases' shares of
the caption as marginals (Cuturi 2013), solved by Sinkhorn's iteration on logarithms, which
neither under- nor overflows. The score ``<Γ, S>`` is a mean similarity: within [-1, 1], the
higher the better the pair, for every pair alike.

Shapes: B captions, P phrases, C clips, E events, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.levels.events import Events

ABSENT_LOG = -1e4
"""Logarithm of a share of nothing: finite, and its exponential is 0."""


def transport_plan(
    cost: Tensor,
    row_share: Tensor,
    column_share: Tensor,
    *,
    blur: float = 0.1,
    iterations: int = 100,
) -> Tensor:
    """Entropic transport plans of many problems at once.

    Args:
        cost: [..., R, K].
        row_share: [..., R], sums to 1; 0 = no such row.
        column_share: [..., K], sums to 1; 0 = no such column.
        blur: ε; the higher, the more evenly the plan spreads.
        iterations: of Sinkhorn. Columns sum to their shares exactly, rows as it converges.

    Returns:
        [..., R, K] in float32; all 0 where a problem has no row or no column.
    """
    potential = -cost.float() / blur
    log_rows, log_columns = _log(row_share), _log(column_share)
    columns = torch.zeros_like(log_columns)
    for _ in range(iterations):
        rows = log_rows - (potential + columns.unsqueeze(-2)).logsumexp(dim=-1)
        columns = log_columns - (potential + rows.unsqueeze(-1)).logsumexp(dim=-2)
    plan = torch.exp(potential + rows.unsqueeze(-1) + columns.unsqueeze(-2))
    real = (row_share > 0).unsqueeze(-1) & (column_share > 0).unsqueeze(-2)
    return torch.where(real, plan, 0.0)


def _log(share: Tensor) -> Tensor:
    """Logarithm with ABSENT_LOG at 0, and without a gradient there."""
    present = share > 0
    return torch.where(present, share.float(), 1.0).log().masked_fill(~present, ABSENT_LOG)


def regional_score(
    phrases: Tensor,
    phrase_share: Tensor,
    events: Events,
    *,
    blur: float = 0.1,
    iterations: int = 100,
) -> Tensor:
    """Transport every caption's phrases onto every clip's events.

    Args:
        phrases: [B, P, D] unit vectors.
        phrase_share: [B, P], sums to 1 over a caption's phrases; 0 = no such phrase.
        events: of all clips.
        blur: ε of the transport.
        iterations: of Sinkhorn.

    Returns:
        [B, C] within [-1, 1]; 0 for a caption without phrases or a clip without events.
    """
    similarity = torch.einsum("bpd,ced->bcpe", phrases, events.vectors).float()
    captions, clips, count, most = similarity.shape
    plan = transport_plan(
        1.0 - similarity,
        phrase_share.unsqueeze(1).expand(captions, clips, count),
        events.share.unsqueeze(0).expand(captions, clips, most),
        blur=blur,
        iterations=iterations,
    )
    return (plan * similarity).sum(dim=(-1, -2))
