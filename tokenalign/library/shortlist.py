"""Which windows and files deserve a close look, told by window vectors alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tokenalign.library.candidates import Candidates, Mask, Rows
from tokenalign.library.model import EncodedCaption
from tokenalign.query.types import NEGATED

CANDIDATES = 400
"""Windows that are ranked exactly."""

LEAST_PER_PHRASE = 100
"""Windows taken for each phrase, however many phrases there are."""

MOST_UNGUIDED = 20_000
"""Windows ranked for a caption that only says what must not sound."""

SPREAD_FILES = 16
"""Long files in which all phrases were found, though in different windows."""


@dataclass(frozen=True)
class Shortlist:
    """What is looked at closely.

    Attributes:
        near: windows to rank.
        spread: contents in which all phrases were found, in different windows, best first.
    """

    near: Rows
    spread: list[int]


def shortlist(candidates: Candidates, caption: EncodedCaption, mask: Mask) -> Shortlist:
    """Windows near a wanted phrase or near all of them; without wanted phrases, any."""
    rows = caption.scored
    wanted = rows.phrases[rows.rank != NEGATED]
    if not len(wanted):
        return Shortlist(candidates.some(MOST_UNGUIDED, mask), [])
    vectors = wanted if len(wanted) == 1 else np.concatenate([wanted, wanted.mean(0)[None]])
    count = max(LEAST_PER_PHRASE, CANDIDATES // len(vectors))
    found = candidates.nearest(vectors, count, mask)
    in_order = int(rows.rank.max()) > 0
    spread = _in_all(found[: len(wanted)])[:SPREAD_FILES] if in_order else []
    return Shortlist(_union(found), spread)


def _union(found: Sequence[Rows]) -> Rows:
    """Each window once."""
    content, window, cosine = (
        np.concatenate([getattr(rows, name) for rows in found])
        for name in ("content", "window", "cosine")
    )
    _, first = np.unique(np.stack([content, window]), axis=1, return_index=True)
    return Rows(content[first], window[first], cosine[first])


def _in_all(found: Sequence[Rows]) -> list[int]:
    """Contents with windows near every phrase and more than one window, nearest first.

    Near is the sum over the phrases of the best cosine.
    """
    best: list[dict[int, float]] = []
    windows: dict[int, set[int]] = {}
    for rows in found:
        nearest: dict[int, float] = {}
        for content, window, cosine in zip(rows.content, rows.window, rows.cosine, strict=True):
            nearest.setdefault(int(content), float(cosine))  # nearest first
            windows.setdefault(int(content), set()).add(int(window))
        best.append(nearest)
    common = set.intersection(*(set(nearest) for nearest in best))
    several = [content for content in common if len(windows[content]) > 1]
    return sorted(several, key=lambda content: -sum(nearest[content] for nearest in best))
