"""Search: a caption to ranked files with their moments.

Three steps. *Candidates* by what is known of all windows (`candidates/shortlist.py`). *Rank*: the
exact score of these windows on the stored frames, one batch. *Moments*: the model goes through the
best files whole, which gives spans, and also finds "A, then B" where A and B lie in windows of
their own. Asked for words too, it joins this ranking with that of the keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.library.candidates.candidates import Rows
from tokenalign.library.candidates.shortlist import Shortlist, shortlist
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.names import location_of
from tokenalign.library.filtering.fields import Filter
from tokenalign.library.filtering.filters import parse_filter
from tokenalign.library.filtering.wording import words_in
from tokenalign.library.model import Bundle, EncodedCaption, Model
from tokenalign.library.reports import Hit, SearchAnswer
from tokenalign.library.searching.answers import MOMENTS, answer_of, hit_of, window_scores
from tokenalign.library.searching.example import ExampleSearcher
from tokenalign.library.searching.fusion import fused
from tokenalign.library.searching.holdings import Holdings
from tokenalign.library.searching.laps import Laps
from tokenalign.library.searching.saying import asked_to_be_said, said_at, sayable
from tokenalign.library.segments.reader import SegmentReader

FloatArray = NDArray[np.float32]

MOST_JOINED = 100
"""Contents of each ranking, by sound and by words, that are joined; more if more are asked for."""

MOST_BETWEEN = 2
"""Words of a caption that are said with no more others between ("mind gap", of "mind the gap")."""

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
    """Answers captions from one library.

    Args:
        catalogue: of the library, for reading.
        reader: of its segments.

    Attributes:
        examples: answers sounds.
    """

    def __init__(self, catalogue: Catalogue, reader: SegmentReader) -> None:
        self._catalogue = catalogue
        self._holdings = Holdings(catalogue, reader)
        self.examples = ExampleSearcher(catalogue, self._holdings)

    def search(
        self,
        caption: str | EncodedCaption,
        model: Model,
        *,
        limit: int,
        where: str,
        words: str | None,
    ) -> SearchAnswer:
        """See `Library.search`."""
        laps = Laps()
        condition = parse_filter(where)
        encoded = model.encode_text(caption) if isinstance(caption, str) else caption
        question = _Question(encoded, model, condition)
        laps.lap("text")
        chosen = self._shortlist(question)
        laps.lap("candidates")
        ranked = self._ranked(question, chosen.near)
        hits = self._hits(question, list(dict.fromkeys(ranked[:limit] + chosen.spread)))
        found: Iterable[Hit] = hits.values()
        if words is not None:
            found = self._joined(question, ranked, hits, words, max(limit, MOST_JOINED))
        said = asked_to_be_said(where)
        results = tuple(self._told(hit, said, words) for hit in islice(found, max(0, limit)))
        laps.lap("rank")
        return answer_of(encoded, results, laps.laps_ms(), model.bundle)

    def clip(self, path: Path, bundle: Bundle) -> Clip | None:
        """See `Library.clip`."""
        content = self._holdings.content_at(path, bundle)
        if content is None or self._holdings.set_aside_damaged([content]):
            return None
        return self._holdings.clip(content, bundle)

    def _shortlist(self, question: _Question) -> Shortlist:
        """The candidates, none of them damaged."""
        bundle = question.model.bundle
        while True:
            mask = self._holdings.mask(bundle, question.condition)
            found = shortlist(self._holdings.candidates, question.caption, mask, bundle.first_stage)
            if not self._holdings.set_aside_damaged({*found.near.content.tolist(), *found.spread}):
                return found

    # Ranking

    def _ranked(self, question: _Question, rows: Rows) -> list[int]:
        """Contents by the score of their best window among the rows, best first."""
        best: dict[int, float] = {}
        for first in range(0, len(rows.content), CHUNK_WINDOWS):
            contents = rows.content[first : first + CHUNK_WINDOWS]
            windows = rows.window[first : first + CHUNK_WINDOWS]
            scores = self._scores(question, contents, windows).tolist()
            for content, score in zip(contents.tolist(), scores, strict=True):
                best[content] = max(score, best.get(content, score))
        return sorted(best, key=lambda content: -best[content])

    def _scores(
        self, question: _Question, contents: NDArray[np.int64], windows: NDArray[np.int64]
    ) -> FloatArray:
        """Scores [C] of windows of contents."""
        bundle = question.model.bundle
        starts = (windows * bundle.window_hop_frames).tolist()
        frames = [
            self._holdings.reader.frames(self._holdings.row(content).location)[
                start : start + bundle.window_frames
            ]
            for content, start in zip(contents.tolist(), starts, strict=True)
        ]
        gists = self._holdings.candidates.gists(contents, windows)
        return window_scores(question.caption, frames, gists, question.model)

    # Moments

    def _hits(self, question: _Question, contents: Sequence[int]) -> dict[int, Hit]:
        """The contents with their moments, best first."""
        hits = {content: self._hit(question, content) for content in contents}
        present = [(content, hit) for content, hit in hits.items() if hit is not None]
        return dict(sorted(present, key=lambda pair: (-pair[1].score, str(pair[1].path))))

    def _hit(self, question: _Question, content: int) -> Hit | None:
        """None if no moment answers, or the file has been taken away meanwhile."""
        condition = question.condition
        if self._holdings.set_aside_damaged([content]):
            return None
        row = self._holdings.row(content)
        paths = self._catalogue.paths_of(row.digest, condition.sql, condition.parameters)
        clip = self._holdings.clip(content, question.model.bundle)
        moments = question.model.moments(question.caption, clip, limit=MOMENTS)
        if not paths or not moments:
            return None
        return hit_of(moments, paths, row.duration_s)

    # Words

    def _joined(
        self,
        question: _Question,
        ranked: Sequence[int],
        hits: Mapping[int, Hit],
        words: str,
        most: int,
    ) -> Iterator[Hit]:
        """Hits by sound and by words, best first.

        Args:
            question: what is searched for.
            ranked: contents by the score of their best candidate.
            hits: those that have been gone through whole, in their order; they come before.
            words: what names, folders and metadata are searched for.
            most: contents of each ranking that are joined.
        """
        matches = self._bearing(question, words, most)
        heard = list(dict.fromkeys([*hits, *ranked]))[:most]
        for content in fused(heard, list(matches)):
            hit = hits.get(content) or self._hit(question, content)
            if hit is not None:
                yield replace(hit, matched_words=matches.get(content, ()))

    def _told(self, hit: Hit, said: Sequence[str], words: str | None) -> Hit:
        """A hit with where it says what the filter wants said, or the words that found it."""
        by_words = words if words and hit.matched_words else ""
        if not said and not by_words:
            return hit
        spoken = self._catalogue.transcripts.spoken(location_of(hit.path))
        spans = [said_at(spoken, text) for text in said]
        spans.append(said_at(spoken, sayable(spoken, by_words), between=MOST_BETWEEN))
        return replace(hit, said=next(filter(None, spans), None))

    def _bearing(self, question: _Question, words: str, most: int) -> dict[int, tuple[str, ...]]:
        """Undamaged contents that bear all of the words, best first, and which words.

        One word of several says too little: "rain.wav" is no answer to "a dog barks, then rain".
        """
        bundle = question.model.bundle
        matches = self._catalogue.keywords.matching(
            [words], question.condition, bundle=self._holdings.open(bundle), limit=most
        )
        found = {self._holdings.content_of(one.digest, bundle): one.words for one in matches}
        return {
            content: words_borne
            for content, words_borne in found.items()
            if content is not None
            and len(words_borne) == len(words_in(words))
            and not self._holdings.set_aside_damaged([content])
        }
