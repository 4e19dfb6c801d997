"""How high the right candidates rank.

A clip has several captions, and who ranks captions for a clip (a2t) follows one of three
conventions, which differ widely on the same scores and are therefore named: a hit if any caption
is among the first k (`recall_at`, as papers do, beside the average precision over all captions);
the share of its captions among the first k (`recall_fraction_at`, as the code of DCASE 2023 does:
at most 1/5 at k = 1); and one over the best rank (`reciprocal_rank`, as TokenAlign does).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RetrievalReport:
    """Means over queries, on [0, 1]."""

    queries: int
    candidates: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mean_average_precision_at_10: float


def report(scores: NDArray[np.floating], relevant: NDArray[np.bool_]) -> RetrievalReport:
    """The usual figures of one retrieval task; see `ranks` for shapes and errors."""
    found = ranks(scores, relevant)
    queries, candidates = found.shape
    return RetrievalReport(
        queries=queries,
        candidates=candidates,
        recall_at_1=float(recall_at(found, 1).mean()),
        recall_at_5=float(recall_at(found, 5).mean()),
        recall_at_10=float(recall_at(found, 10).mean()),
        mean_average_precision_at_10=float(average_precision_at(found, 10).mean()),
    )


def ranks(scores: NDArray[np.floating], relevant: NDArray[np.bool_]) -> FloatArray:
    """Ranks of the relevant candidates, the best being 1.

    Equal scores share their average rank (1 + how many are greater + how many others are equal,
    halved), so that a constant score is no better than chance.

    Args:
        scores: [Q, C], higher is better.
        relevant: [Q, C], at least one in each row.

    Returns:
        [Q, C], infinite where a candidate is not relevant.

    Raises:
        ValueError: shapes differ, there is no query, a query has no relevant candidate, or a score
            is not a number.
    """
    if scores.ndim != 2 or scores.shape != relevant.shape or not len(scores):
        raise ValueError(f"scores {scores.shape} and relevant {relevant.shape}: both [Q, C], Q > 0")
    if not relevant.any(axis=1).all():
        raise ValueError("every query needs a relevant candidate")
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers")
    average = np.array([_average_ranks(row) for row in scores])
    return np.where(relevant, average, np.inf)


def recall_at(ranks: FloatArray, k: int) -> FloatArray:
    """1.0 for each query with a relevant candidate among the first k; the mean is R@k.

    Args:
        ranks: [Q, C] from `ranks`.
        k: how many candidates are looked at.

    Returns:
        [Q].
    """
    best: FloatArray = ranks.min(axis=1)
    return (best <= k).astype(np.float64)


def recall_fraction_at(ranks: FloatArray, k: int) -> FloatArray:
    """Share of each query's relevant candidates that are among the first k.

    Args:
        ranks: [Q, C] from `ranks`.
        k: how many candidates are looked at.

    Returns:
        [Q]; at most k over the number of relevant ones.
    """
    fraction: FloatArray = (ranks <= k).sum(axis=1) / np.isfinite(ranks).sum(axis=1)
    return fraction


def reciprocal_rank(ranks: FloatArray) -> FloatArray:
    """One over the rank of each query's best relevant candidate; the mean is MRR.

    Args:
        ranks: [Q, C] from `ranks`.

    Returns:
        [Q].
    """
    reciprocal: FloatArray = 1 / ranks.min(axis=1)
    return reciprocal


def average_precision_at(ranks: FloatArray, k: int) -> FloatArray:
    """Average precision over the first k, divided by all relevant; the mean is mAP@k.

    For each relevant candidate of rank r <= k, the relevant ones up to it divided by r.

    Args:
        ranks: [Q, C] from `ranks`.
        k: how many candidates are looked at.

    Returns:
        [Q]; with one relevant candidate of rank r, 1 / r.
    """
    in_order = np.sort(ranks, axis=1)
    seen = np.arange(1, ranks.shape[1] + 1)
    precision = np.where(in_order <= k, seen / in_order, 0.0)
    average: FloatArray = precision.sum(axis=1) / np.isfinite(ranks).sum(axis=1)
    return average


def _average_ranks(scores: NDArray[np.floating]) -> FloatArray:
    """Rank of each of C scores, ties averaged, [C]."""
    rising = np.sort(scores)
    up_to = np.searchsorted(rising, scores, side="right")
    equal_others = up_to - np.searchsorted(rising, scores, side="left") - 1
    average: FloatArray = 1 + (len(scores) - up_to) + equal_others / 2
    return average
