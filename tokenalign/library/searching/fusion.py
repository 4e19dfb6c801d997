"""Join rankings that have no common scale: by what sounds, and by what the words say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

RANK_OFFSET = 60
"""How little the very first ranks stand out, as in the paper below."""


def fused(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion: what stands high in any ranking, and first what does so in several.

    An item scores the sum of 1 / (60 + rank) over the rankings that have it, ranks from 1
    (Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion Outperforms Condorcet and
    Individual Rank Learning Methods"). Items with equal scores keep the order of the rankings.

    Args:
        rankings: items, each once a ranking, best first.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] += 1 / (RANK_OFFSET + rank)
    return sorted(scores, key=lambda item: -scores[item])
