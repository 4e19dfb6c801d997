"""Search: a caption to ranked files with their moments.

Three steps. *Candidates* by what is known of all windows (`shortlist`). *Rank*: the exact score of
these windows on the stored frames, one batch. *Moments*: the model goes through the best files
whole, which gives spans, and also finds "A, then B" where A and B lie in windows of their own.
Asked for words too, it joins this ranking with that of the keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.library.candidates import Rows
from tokenalign.library.catalogue import Catalogue
from tokenalign.library.example import ExampleSearcher
from tokenalign.library.filters import Filter, parse_filter
from tokenalign.library.fusion import fused
from tokenalign.library.holdings import Holdings
from tokenalign.library.laps import Laps
from tokenalign.library.model import Bundle, EncodedCaption, Model
from tokenalign.library.reports import Hit, SearchAnswer
from tokenalign.library.segments import SegmentReader
from tokenalign.library.shortlist import Shortlist, shortlist
from tokenalign.library.wording import words_in

FloatArray = NDArray[np.float32]

MOMENTS = 5
"""Moments of one file that are told."""

MOST_JOINED = 100
"""Contents of each ranking, by sound and by words, that are joined; more if more are asked for."""

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
        results = tuple(islice(found, max(0, limit)))
        laps.lap("rank")
        return SearchAnswer(
            query=encoded.query.text,
            phrases=tuple((phrase.text, phrase.relation) for phrase in encoded.shown_phrases),
            results=results,
            elapsed_ms=laps.laps_ms(),
            matches_well=any(hit.score >= model.bundle.thresholds.match for hit in results),
            unknown=_unknown(encoded, results),
        )

    def clip(self, path: Path, bundle: Bundle) -> Clip | None:
        """See `Library.clip`."""
        content = self._holdings.content_at(path, bundle)
        if content is None or self._holdings.set_aside_damaged([content]):
            return None
        return self._holdings.clip(content, bundle)

    def _shortlist(self, question: _Question) -> Shortlist:
        """The candidates, none of them damaged."""
        while True:
            mask = self._holdings.mask(question.model.bundle, question.condition)
            found = shortlist(self._holdings.candidates, question.caption, mask)
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
        codec = bundle.frame_codec
        rows = np.zeros((len(contents), bundle.window_frames, codec.row_bytes), np.uint8)
        mask = np.zeros(rows.shape[:2], bool)
        starts = (windows * bundle.window_hop_frames).tolist()
        for place, (content, start) in enumerate(zip(contents.tolist(), starts, strict=True)):
            location = self._holdings.row(content).location
            part = self._holdings.reader.frames(location)[start : start + bundle.window_frames]
            rows[place, : len(part)] = part
            mask[place, : len(part)] = True
        gists = self._holdings.candidates.gists(contents, windows)
        frames = np.zeros((*mask.shape, bundle.width), np.float32)
        frames[mask] = codec.decode(rows[mask])
        return question.model.rank_windows(question.caption, frames, mask, gists)

    # Moments

    def _hits(self, question: _Question, contents: Sequence[int]) -> dict[int, Hit]:
        """The contents with their moments, best first."""
        hits = {content: self._hit(question, content) for content in contents}
        present = [(content, hit) for content, hit in hits.items() if hit is not None]
        return dict(sorted(present, key=lambda pair: (-pair[1].score, str(pair[1].path))))

    def _hit(self, question: _Question, content: int) -> Hit | None:
        """None if no moment answers, or the file has been taken away meanwhile."""
        condition = question.condition
        row = self._holdings.row(content)
        paths = self._catalogue.paths_of(row.digest, condition.sql, condition.parameters)
        clip = self._holdings.clip(content, question.model.bundle)
        moments = question.model.moments(question.caption, clip, limit=MOMENTS)
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


def _unknown(caption: EncodedCaption, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Texts of wanted phrases that the bundle cannot read, or that no moment of any hit has."""
    found = {
        phrase.start_char
        for hit in hits
        for phrases in (hit.phrases, *(moment.grounding.phrases for moment in hit.moments))
        for phrase in phrases
        if phrase.found
    }
    unread = caption.unread_phrases
    return tuple(
        phrase.text
        for phrase in caption.wanted_phrases
        if phrase in unread or (hits and phrase.start_char not in found)
    )
