"""Query by example: sounds like this one, by the cosine of window vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import FloatArray
from tokenalign.library.candidates.candidates import Candidates, Mask
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.filtering.fields import Filter
from tokenalign.library.filtering.filters import parse_filter
from tokenalign.library.model import Bundle
from tokenalign.library.reports import Hit, SearchAnswer
from tokenalign.library.searching.holdings import Holdings
from tokenalign.library.searching.laps import Laps

FIRST_ASKED = 400
"""Windows that are asked for at first for each window of the example."""

MOST_WINDOWS = 32
"""Windows of an example that are looked for; of a longer one, so many evenly spread."""

ENOUGH = 0.5
"""Share of the region, or of a whole window if that is shorter, that a window must cover."""


@dataclass(frozen=True)
class Example:
    """A sound to look for others like it.

    Attributes:
        clip: encoded by the model of the bundle.
        bundle: whose vectors are compared.
        start_s: where the part that counts begins; None for the start.
        end_s: where it ends; None for the end.
        exclude: a file that is no answer, nor its copies; the example itself as a rule.
    """

    clip: Clip
    bundle: Bundle
    start_s: float | None = None
    end_s: float | None = None
    exclude: Path | None = None


class ExampleSearcher:
    """Answers examples.

    Args:
        catalogue: of the library.
        holdings: its vectors.
    """

    def __init__(self, catalogue: Catalogue, holdings: Holdings) -> None:
        self._catalogue = catalogue
        self._holdings = holdings

    def search(self, example: Example, *, limit: int, where: str) -> SearchAnswer:
        """See `Library.search_like`."""
        laps = Laps()
        condition = parse_filter(where)
        vectors = example_windows(example)
        contents = self._contents(example, vectors, condition, limit)
        laps.lap("candidates")
        hits = [self._hit(content, example, vectors, condition) for content in contents]
        found = sorted(filter(None, hits), key=lambda hit: (-hit.score, str(hit.path)))
        laps.lap("rank")
        return SearchAnswer(
            query="",
            phrases=(),
            results=tuple(found),
            elapsed_ms=laps.laps_ms(),
            matches_well=bool(found),
        )

    def _contents(
        self, example: Example, vectors: FloatArray, condition: Filter, limit: int
    ) -> list[int]:
        """The contents most like the example, none of them damaged."""
        while True:
            mask = self._mask(example, condition)
            contents = most_alike(self._holdings.candidates, vectors, mask, limit)
            if not self._holdings.set_aside_damaged(contents):
                return contents

    def _mask(self, example: Example, condition: Filter) -> Mask:
        mask = self._holdings.mask(example.bundle, condition)
        if example.exclude is None:
            return mask
        content = self._holdings.content_at(example.exclude, example.bundle)
        if content is None:
            return mask
        own = self._holdings.candidates.vector_ids[[content]]
        return mask & ~self._holdings.candidates.rows_of(own)

    def _hit(
        self, content: int, example: Example, vectors: FloatArray, condition: Filter
    ) -> Hit | None:
        """The window most like one of the example's; None if the file has been taken away."""
        if self._holdings.set_aside_damaged([content]):
            return None
        digest = self._holdings.row(content).digest
        paths = self._catalogue.paths_of(digest, condition.sql, condition.parameters)
        if not paths:
            return None
        clip = self._holdings.clip(content, example.bundle)
        cosines = (clip.windows @ vectors.T).max(axis=1)
        window = int(cosines.argmax())
        starts_s, ends_s = _window_times(clip, example.bundle)
        return Hit(
            path=paths[0],
            start_s=float(starts_s[window]),
            end_s=float(ends_s[window]),
            score=float(np.clip(cosines[window], 0.0, 1.0)),
            phrases=(),
            duration_s=clip.duration_s,
            moments=(),
            copies=tuple(paths[1:]),
        )


def example_windows(example: Example) -> FloatArray:
    """The window vectors that speak for an example, [W, D].

    Of a region, those windows that it fills at least half, or that cover at least half of it;
    and whichever it overlaps most.

    Raises:
        TokenAlignError: the region holds no sound.
    """
    clip = example.clip
    starts_s, ends_s = _window_times(clip, example.bundle)
    start_s = 0.0 if example.start_s is None else example.start_s
    end_s = clip.duration_s if example.end_s is None else example.end_s
    overlap_s = np.minimum(ends_s, end_s) - np.maximum(starts_s, start_s)
    if overlap_s.max() <= 0:
        raise TokenAlignError(
            f"there is no sound from {start_s:g} s to {end_s:g} s to look for",
            f"Choose a part of the {clip.duration_s:g} s that there are.",
        )
    needed_s = ENOUGH * min(end_s - start_s, float((ends_s - starts_s).max()))
    chosen = np.flatnonzero(overlap_s >= min(needed_s, overlap_s.max()))
    spread = np.linspace(0, len(chosen) - 1, min(len(chosen), MOST_WINDOWS)).round()
    return clip.windows[chosen[spread.astype(np.int64)]]


def most_alike(candidates: Candidates, vectors: FloatArray, mask: Mask, limit: int) -> list[int]:
    """The contents with the highest cosine of any of their windows with any of the vectors.

    Asks for more windows until none that was left out can change the answer: one long file may
    hold the nearest windows of all.

    Args:
        candidates: all windows.
        vectors: [W, D] unit vectors.
        mask: which windows count.
        limit: how many contents at most.

    Returns:
        Best first.
    """
    count, all_windows = FIRST_ASKED, int(mask.sum())
    if not all_windows or limit < 1:
        return []
    while True:
        best: dict[int, float] = {}
        left_out = -np.inf
        for rows in candidates.nearest(vectors, count, mask):
            left_out = max(left_out, float(rows.cosine[-1]))
            for content, cosine in zip(rows.content.tolist(), rows.cosine.tolist(), strict=True):
                best[content] = max(cosine, best.get(content, cosine))
        ranked = sorted(best, key=lambda content: -best[content])[:limit]
        settled = len(ranked) == limit and best[ranked[-1]] >= left_out
        if settled or count >= all_windows:
            return ranked
        count *= 4


def _window_times(clip: Clip, bundle: Bundle) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where windows begin and end, [W] seconds each."""
    ends = np.minimum(clip.window_starts + bundle.window_frames, len(clip.frames))
    return clip.frame_edges_s[clip.window_starts], clip.frame_edges_s[ends]
