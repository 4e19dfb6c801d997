"""Sparsemax: a softmax that gives exact zeros (Martins and Astudillo, ICML 2016, algorithm 1)."""

from __future__ import annotations

import torch
from torch import Tensor


def sparsemax(scores: Tensor) -> Tensor:
    """The point of the probability simplex nearest to the scores.

    With scores in descending order, the largest k with ``1 + k z_k > Σ_{i<=k} z_i`` are kept, and
    ``θ = (Σ_{i<=k} z_i − 1) / k`` is taken off each.

    Args:
        scores: [..., K], finite.

    Returns:
        [..., K], at least 0, with sum 1 over the last axis.
    """
    # A constant added to all scores changes nothing; near 0 the sums are exact.
    shifted = scores - scores.amax(dim=-1, keepdim=True).detach()
    ordered = shifted.sort(dim=-1, descending=True).values
    sums = ordered.cumsum(dim=-1)
    place = torch.arange(1, scores.shape[-1] + 1, device=scores.device)
    kept = (1 + place * ordered > sums).sum(dim=-1, keepdim=True)
    threshold = (sums.gather(-1, kept - 1) - 1) / kept
    return (shifted - threshold).clamp(min=0.0)
