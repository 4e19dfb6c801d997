"""Search: a caption to ranked files with their moments.

Three steps. *Candidates* by window vectors: the best for each wanted phrase and for their mean.
*Rank*: the exact score of these windows on the stored frames, one batch. *Moments*: the model goes
through the best files whole, which gives spans, and also finds "A, then B" where A and B lie in
windows of their own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.errors import TokenAlignError
from tokenalign.library.candidates import Candidates, Mask, Rows
from tokenalign.library.catalogue import Catalogue
from tokenalign.library.filters import Filter, parse_filter
from tokenalign.library.model import Bundle, EncodedCaption, Model
from tokenalign.library.reports import Hit, SearchAnswer
from tokenalign.library.rows import VectorRow
from tokenalign.library.segments import DamagedVectorsError, SegmentReader
from tokenalign.library.shortlist import Shortlist, shortlist

FloatArray = NDArray[np.float32]

MOMENTS = 5
"""Moments of one file that are told."""

MASKS_KEPT = 32
"""Filters whose windows are remembered until the library changes."""

CHUNK_WINDOWS = 512
"""Windows whose frames are in memory at once."""


@dataclass(frozen=True)
class _Question:
    """What one search is about.

    Attributes:
        caption: what is looked for, encoded.
        model: by what.
        condition: which files count.
    """

    caption: EncodedCaption
    model: Model
    condition: Filter


class Searcher:
    """Answers captions from one library; keeps the window vectors of the last bundle in memory.

    Args:
        catalogue: of the library, for reading.
        reader: of its segments.
    """

    def __init__(self, catalogue: Catalogue, reader: SegmentReader) -> None:
        self._catalogue = catalogue
        self._reader = reader
        self._identity = ""
        self._candidates = Candidates(1, reader)
        self._masks: dict[Filter, Mask] = {}
        self._version = -1

    def search(self, caption: str, model: Model, *, limit: int, where: str) -> SearchAnswer:
        """See `Library.search`."""
        clock = _Clock()
        condition = parse_filter(where)
        question = _Question(model.encode_text(caption), model, condition)
        clock.lap("text")
        chosen = self._shortlist(question)
        clock.lap("candidates")
        ranked = self._ranked(question, chosen.near)[:limit]
        hits = self._hits(question, list(dict.fromkeys(ranked + chosen.spread)))[:limit]
        clock.lap("rank")
        phrases = question.caption.query.phrases
        return SearchAnswer(
            query=caption,
            phrases=tuple((phrase.text, phrase.relation) for phrase in phrases),
            results=tuple(hits),
            elapsed_ms=clock.laps_ms(),
            matches_well=bool(hits) and hits[0].score >= model.bundle.thresholds.match,
        )

    # Candidates

    def _shortlist(self, question: _Question) -> Shortlist:
        """The candidates, none of them damaged."""
        while True:
            mask = self._mask(question)
            found = shortlist(self._candidates, question.caption, mask)
            contents = {*found.near.content.tolist(), *found.spread}
            damaged = [row.id for row in map(self._row, contents) if not self._is_sound(row)]
            if not damaged:
                return found
            self._set_aside(damaged)

    def _mask(self, question: _Question) -> Mask:
        """The windows of files that are there and meet the condition."""
        bundle = question.model.bundle
        number = self._catalogue.bundle(bundle.identity)
        if number is not None:
            self._take_in_news(bundle, number)
        if number is None or not self._candidates.contents:
            raise self._nothing_encoded(bundle)
        condition = question.condition
        if condition not in self._masks:
            if len(self._masks) == MASKS_KEPT:
                self._masks.clear()
            ids = self._catalogue.searchable(number, condition.sql, condition.parameters)
            self._masks[condition] = self._candidates.rows_of(ids)
        return self._masks[condition]

    def _take_in_news(self, bundle: Bundle, number: int) -> None:
        """Add what has been committed since the last search; start over for another bundle."""
        version = self._catalogue.data_version()
        if self._identity != bundle.identity:
            self._candidates, self._identity = (
                Candidates(bundle.width, self._reader),
                bundle.identity,
            )
        elif self._version == version:
            return
        self._masks.clear()
        rows = self._catalogue.vectors_after(number, self._candidates.last_id)
        self._set_aside(self._candidates.add(rows))
        self._version = version

    def _nothing_encoded(self, bundle: Bundle) -> TokenAlignError:
        folder = self._catalogue.path.parent
        other = self._catalogue.latest_bundle_name()
        if not other:
            return TokenAlignError(
                f"{folder}: no sounds in this library yet", "Run: tokenalign index FOLDER"
            )
        return TokenAlignError(
            f"{folder}: not encoded for this bundle, {bundle.name!r}; "
            f"the last index was with {other!r}",
            f"Run: tokenalign index, to encode the library for {bundle.name!r}.",
        )

    def _row(self, content: int) -> VectorRow:
        return self._candidates.contents[content]

    def _is_sound(self, row: VectorRow) -> bool:
        try:
            self._reader.frames(row.location)
        except DamagedVectorsError:
            return False
        return True

    def _set_aside(self, damaged: list[int]) -> None:
        """Have damaged vectors made anew by the next index."""
        if damaged:
            self._catalogue.mark_damaged(damaged)
            self._masks.clear()

    # Ranking

    def _ranked(self, question: _Question, rows: Rows) -> list[int]:
        """Contents by the score of their best window among the rows, best first."""
        best: dict[int, float] = {}
        for first in range(0, len(rows.content), CHUNK_WINDOWS):
            contents = rows.content[first : first + CHUNK_WINDOWS].tolist()
            windows = rows.window[first : first + CHUNK_WINDOWS].tolist()
            scores = self._scores(question, contents, windows).tolist()
            for content, score in zip(contents, scores, strict=True):
                best[content] = max(score, best.get(content, score))
        return sorted(best, key=lambda content: -best[content])

    def _scores(
        self, question: _Question, contents: Sequence[int], windows: Sequence[int]
    ) -> FloatArray:
        """Scores [C] of windows."""
        bundle = question.model.bundle
        frames = np.zeros((len(contents), bundle.window_frames, bundle.width), np.float32)
        mask = np.zeros(frames.shape[:2], bool)
        gists = np.zeros((len(contents), bundle.width), np.float32)
        for place, (content, window) in enumerate(zip(contents, windows, strict=True)):
            location = self._row(content).location
            start = window * bundle.window_hop_frames
            part = self._reader.frames(location)[start : start + bundle.window_frames]
            frames[place, : len(part)] = part
            mask[place, : len(part)] = True
            gists[place] = self._reader.windows(location)[window]
        return question.model.rank_windows(question.caption, frames, mask, gists)

    # Moments

    def _hits(self, question: _Question, contents: Sequence[int]) -> list[Hit]:
        """The contents with their moments, best first."""
        hits = [self._hit(question, self._row(content)) for content in contents]
        return sorted(filter(None, hits), key=lambda hit: (-hit.score, str(hit.path)))

    def _hit(self, question: _Question, row: VectorRow) -> Hit | None:
        """None if the file has been taken away meanwhile."""
        condition = question.condition
        paths = self._catalogue.paths_of(row.digest, condition.sql, condition.parameters)
        moments = question.model.moments(
            question.caption, self._clip(row, question.model.bundle), limit=MOMENTS
        )
        if not paths or not moments:
            return None
        return Hit(
            path=paths[0],
            start_s=moments[0].start_s,
            end_s=moments[0].end_s,
            score=moments[0].score,
            phrases=moments[0].grounding.phrases,
            duration_s=row.duration_s,
            moments=tuple(moments[1:]),
            copies=tuple(paths[1:]),
        )

    def _clip(self, row: VectorRow, bundle: Bundle) -> Clip:
        frames = self._reader.frames(row.location).astype(np.float32)
        count = len(frames)
        return Clip(
            frames=frames,
            mask=np.ones(count, bool),
            frame_edges_s=frame_edges(count, bundle.frame_hop_s, row.duration_s),
            windows=self._reader.windows(row.location).astype(np.float32),
            window_starts=window_starts(count, bundle.window_frames, bundle.window_hop_frames),
            duration_s=row.duration_s,
        )


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._last = self._start = time.perf_counter()
        self._laps_ms: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Name the time since the last lap."""
        now = time.perf_counter()
        self._laps_ms[name] = (now - self._last) * 1e3
        self._last = now

    def laps_ms(self) -> dict[str, float]:
        """All laps, and "total"."""
        return {**self._laps_ms, "total": (self._last - self._start) * 1e3}
