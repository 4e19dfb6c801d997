"""Join what has no common scale: a ranking by what sounds, and what bears the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

RANK_OFFSET = 60
"""How little the very first ranks stand out, as in the paper below."""


def fused(heard: Sequence[int], bearing: Collection[int]) -> list[int]:
    """Reciprocal rank fusion: what stands high by its sound, and first what bears the words too.

    An item scores the sum of 1 / (60 + rank) over the rankings that have it, ranks from 1
    (Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion Outperforms Condorcet and
    Individual Rank Learning Methods"). Of n items that bear all of the words none does so better
    than another: all have the average rank (n + 1) / 2, so that sound alone orders them, and words
    that half of a library bears say little. Items with equal scores keep their order.

    Args:
        heard: items by their sound, each once, best first.
        bearing: items that bear the words, each once.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for rank, item in enumerate(heard, start=1):
        scores[item] += 1 / (RANK_OFFSET + rank)
    for item in bearing:
        scores[item] += 1 / (RANK_OFFSET + (len(bearing) + 1) / 2)
    return sorted(scores, key=lambda item: -scores[item])
