"""Searches: what a person asks for, and how library and model answer it. No Qt here.

A *request* says all that an answer depends on, so that two equal requests have equal answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.desktop.models.pages import PAGE_ROWS
from app.desktop.models.rows import rows_of_answer, rows_of_facts
from app.desktop.models.sounds import SoundRow
from app.desktop.workshop import Workshop
from tokenalign.library import SearchAnswer
from tokenalign.query import parse, telling_words
from tokenalign.refinement import Emphasis


@dataclass(frozen=True)
class Request:
    """One search.

    Attributes:
        caption: what should sound; empty to browse.
        emphases: one for each phrase of the caption, or none.
        where: a filter, as `tokenalign.library.filtering.filters` has them.
        words_only: look at names and metadata alone.
        example: a sound to look for others like it, instead of a caption.
        span_s: the part of the example that counts; None for all of it.
        order: key of the column that browsing is sorted by, and whether descending.
    """

    caption: str = ""
    emphases: tuple[Emphasis, ...] = ()
    where: str = ""
    words_only: bool = False
    example: Path | None = None
    span_s: tuple[float, float] | None = None
    order: tuple[str, bool] = ("name", False)

    @property
    def browses(self) -> bool:
        """Whether the library is listed, instead of ranked by what sounds."""
        return self.example is None and (self.words_only or not self.caption)

    @property
    def question(self) -> tuple[str, Path | None, tuple[float, float] | None]:
        """What sounds are ranked by, whatever is filtered or emphasised."""
        return self.caption, self.example, self.span_s

    @property
    def words(self) -> str:
        """What browsing looks for in names and metadata."""
        return self.caption if self.words_only else ""


@dataclass(frozen=True)
class Found:
    """A request with what was found for it; `total` sounds pass the filter."""

    request: Request
    answer: SearchAnswer
    rows: tuple[SoundRow, ...]
    total: int


def find(request: Request, workshop: Workshop, *, limit: int) -> Found:
    """Rank the library by a caption or an example.

    Raises:
        TokenAlignError: the caption names no sound, the filter is none, nothing is indexed.
    """
    library = workshop.library()
    answer = (
        _like(request, workshop, limit)
        if request.example
        else _by_caption(request, workshop, limit)
    )
    facts = library.facts([hit.path for hit in answer.results])
    rows = rows_of_answer(answer, facts, roots=workshop.roots)
    return Found(request, answer, rows, library.count(where=request.where))


def count(request: Request, workshop: Workshop) -> int:
    """How many sounds browsing lists."""
    return workshop.library().count(where=request.where, words=request.words)


def page(request: Request, workshop: Workshop, first: int) -> tuple[SoundRow, ...]:
    """The `PAGE_ROWS` sounds from a place on."""
    order, descending = request.order
    facts = workshop.library().browse(
        where=request.where,
        words=request.words,
        order=order,
        descending=descending,
        offset=first,
        limit=PAGE_ROWS,
    )
    return rows_of_facts(facts, roots=workshop.roots)


def _by_caption(request: Request, workshop: Workshop, limit: int) -> SearchAnswer:
    encoded, model = workshop.encoded(request.caption, request.emphases)
    return workshop.library().search(
        encoded,
        model,
        limit=limit,
        where=request.where,
        words=telling_words(parse(request.caption)),
    )


def _like(request: Request, workshop: Workshop, limit: int) -> SearchAnswer:
    assert request.example is not None
    library, model = workshop.library(), workshop.model()
    clip = library.clip(request.example, model) or model.encode_file(request.example)
    start_s, end_s = request.span_s or (None, None)
    return library.search_like(
        clip,
        model,
        limit=limit,
        where=request.where,
        start_s=start_s,
        end_s=end_s,
        exclude=request.example,
    )
