"""Searching: from what the person typed or dropped to the rows of the table.

A *request* says all that an answer depends on. Each one goes to the search runner, where the
newest wins; the answer comes back as rows. Without a caption the library is browsed, in pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.models.history import History, Visit
from app.desktop.models.results import ResultsModel
from app.desktop.models.rows import rows_of_answer, rows_of_facts
from app.desktop.models.sounds import SoundRow
from app.desktop.models.verdict import verdict
from app.desktop.tasks import TaskRunner
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from app.desktop.workshop import Workshop
from tokenalign.errors import TokenAlignError
from tokenalign.library import SearchAnswer
from tokenalign.query import parse
from tokenalign.refinement import Emphasis

FIRST_HITS = 30
"""Enough to fill the table while the person still types."""

ALL_HITS = 200

SETTLED_MS = 1500
"""A search that stands this long is worth going back to."""

PAGE = 200


@dataclass(frozen=True)
class Request:
    """One search.

    Attributes:
        caption: what should sound; empty to browse.
        emphases: one for each phrase of the caption.
        where: a filter.
        words_only: look at names and metadata alone.
        example: a sound to look for others like it, instead of a caption.
        span_s: the part of the example that counts; None for all of it.
    """

    caption: str = ""
    emphases: tuple[Emphasis, ...] = ()
    where: str = ""
    words_only: bool = False
    example: Path | None = None
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Answered:
    """A request with what was found for it."""

    request: Request
    answer: SearchAnswer
    rows: tuple[SoundRow, ...]


class SearchController(QObject):
    """Joins the search bar and the results.

    Args:
        workshop: library and model.
        bar: where the person asks.
        results: where the answer stands.
        model: the rows of the results.
        history: visited and saved searches.
        parent: owner.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        *,
        workshop: Workshop,
        bar: SearchBar,
        results: ResultsView,
        model: ResultsModel,
        history: History,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._bar = bar
        self._results = results
        self._model = model
        self._history = history
        self._request = Request()
        self._order = ("name", False)
        self._runner = TaskRunner("search", newest_wins=True, parent=self)
        self._pages = TaskRunner("pages", newest_wins=False, parent=self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._remember)
        self._connect()

    @property
    def request(self) -> Request:
        """What is being looked for."""
        return self._request

    def _connect(self) -> None:
        bar, model = self._bar, self._model
        bar.caption_edited.connect(self._on_caption_edited)
        bar.caption_submitted.connect(self._on_caption_submitted)
        bar.emphases_changed.connect(self._on_emphases_changed)
        bar.where_changed.connect(self._on_where_changed)
        bar.words_only_toggled.connect(self._on_words_only_toggled)
        bar.example_dropped.connect(self.search_like)
        bar.example_removed.connect(self._on_example_removed)
        bar.back_requested.connect(lambda: self._go_to(self._history.back()))
        bar.forward_requested.connect(lambda: self._go_to(self._history.forward()))
        model.sort_wanted.connect(self._on_sort_wanted)

    # What the person does

    def search(self, caption: str) -> None:
        """Look for a caption, as if it had been typed and entered."""
        self._bar.set_caption(caption)
        self._on_caption_submitted(caption)

    def search_like(self, path: Path, span_s: tuple[float, float] | None = None) -> None:
        """Look for sounds like one."""
        self._bar.show_example_sound(path.name)
        self._ask(Request(where=self._request.where, example=path, span_s=span_s))
        self._remember()

    def show_where(self, where: str) -> None:
        """Filter by a text of the grammar of `tokenalign.library.filters`."""
        self._bar.set_where(where)
        self._on_where_changed(where)

    def refresh(self) -> None:
        """Ask again: the library has changed."""
        self._ask(self._request)

    def _on_caption_edited(self, caption: str) -> None:
        self._bar.show_query(parse(caption))
        self._ask(
            replace(
                self._request,
                caption=caption.strip(),
                emphases=self._bar.emphases(),
                example=None,
                span_s=None,
            )
        )

    def _on_caption_submitted(self, caption: str) -> None:
        self._on_caption_edited(caption)
        self._remember()

    def _on_emphases_changed(self, emphases: tuple[Emphasis, ...]) -> None:
        self._ask(replace(self._request, emphases=emphases))

    def _on_where_changed(self, where: str) -> None:
        self._ask(replace(self._request, where=where))

    def _on_words_only_toggled(self, words_only: bool) -> None:
        self._ask(replace(self._request, words_only=words_only))

    def _on_example_removed(self) -> None:
        self._bar.show_example_sound(None)
        self._ask(replace(self._request, example=None, span_s=None))

    def _on_sort_wanted(self, column: str, descending: bool) -> None:
        self._order = (column, descending)
        if self._browsing(self._request):
            self._ask(self._request)

    # History

    def _remember(self) -> None:
        """Let Back come here."""
        request = self._request
        if request.caption or request.where:
            self._history.visit(Visit(request.caption, request.where, request.emphases))
            self.show_history()

    def show_history(self) -> None:
        """Tell the bar what Back, Forward and the list of captions have to offer."""
        history = self._history
        self._bar.show_history(history.can_go_back, history.can_go_forward, history.captions)
        self._bar.show_saved(history.saved)

    def _go_to(self, visit: Visit | None) -> None:
        if visit is None:
            return
        self._bar.set_where(visit.where)
        self._bar.set_caption(visit.caption)
        self._bar.show_query(parse(visit.caption))
        self._bar.set_emphases(visit.emphases)
        self._ask(Request(visit.caption, visit.emphases, visit.where))
        self.show_history()

    # Asking and answering

    def _ask(self, request: Request) -> None:
        self._request = request
        self._settled.start()
        self._bar.show_error("")
        if self._browsing(request):
            self._browse(request)
            return
        self._runner.start(
            lambda: self._answer(request, FIRST_HITS),
            done=self._on_first_answer,
            failed=self._on_failed,
        )

    @staticmethod
    def _browsing(request: Request) -> bool:
        return request.example is None and (request.words_only or not request.caption)

    def _answer(self, request: Request, limit: int) -> Answered:
        """Runs on the search thread."""
        library, model = self._workshop.library(), self._workshop.model()
        if request.example is not None:
            answer = self._similar(request, limit)
        else:
            answer = library.search(
                self._workshop.encoded(request.caption, request.emphases),
                model,
                limit=limit,
                where=request.where,
                words=request.caption,
            )
        facts = library.facts([hit.path for hit in answer.results])
        return Answered(request, answer, rows_of_answer(answer, facts))

    def _similar(self, request: Request, limit: int) -> SearchAnswer:
        assert request.example is not None
        library, model = self._workshop.library(), self._workshop.model()
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

    def _on_first_answer(self, found: Answered) -> None:
        self._show(found)
        if len(found.rows) >= FIRST_HITS:
            self._runner.start(
                lambda: self._answer(found.request, ALL_HITS),
                done=self._show,
                failed=self._on_failed,
            )

    def _show(self, found: Answered) -> None:
        self._model.show_rows(found.rows)
        self._bar.show_found(_best_presences(found.answer))
        self._results.show_banner(verdict(found.answer))
        self._results.show_placeholder("" if found.rows else "Nothing was found.")
        self.answered.emit(found)

    def _on_failed(self, error: Exception) -> None:
        self._model.show_rows(())
        self._results.show_banner("")
        if isinstance(error, TokenAlignError):
            self._bar.show_error(error.message)
            self._results.show_placeholder(error.hint)
        else:
            self.failed.emit(error)

    # Browsing

    def _browse(self, request: Request) -> None:
        words = request.caption if request.words_only else ""

        def count() -> int:
            return self._workshop.library().count(where=request.where, words=words)

        self._runner.start(
            count,
            done=lambda total: self._show_pages(request, words, total),
            failed=self._on_failed,
        )

    def _show_pages(self, request: Request, words: str, total: int) -> None:
        column, descending = self._order

        def rows(first: int) -> tuple[SoundRow, ...]:
            library = self._workshop.library()
            return rows_of_facts(
                library.browse(
                    where=request.where,
                    words=words,
                    order=column,
                    descending=descending,
                    offset=first,
                    limit=PAGE,
                )
            )

        def fetch(first: int) -> None:
            self._pages.start(
                lambda: rows(first),
                done=lambda page: self._put_page(request, first, page),
                failed=self._on_failed,
            )

        self._results.show_banner("")
        self._results.show_placeholder("" if total else self._nothing_here(request))
        self._model.show_pages(total, fetch)
        self.answered.emit(None)

    def _put_page(self, request: Request, first: int, page: Sequence[SoundRow]) -> None:
        if request == self._request:
            self._model.put_page(first, page)

    @staticmethod
    def _nothing_here(request: Request) -> str:
        if request.where or request.caption:
            return "No sound meets the filters."
        return "No sounds yet. Add a folder of sounds to begin, or drop one here."

    def close(self) -> None:
        """Cancel and wait."""
        self._runner.close()
        self._pages.close()


def _best_presences(answer: SearchAnswer) -> list[float]:
    """The highest presence of each phrase among the hits."""
    columns = zip(*(hit.phrases for hit in answer.results if hit.phrases), strict=False)
    return [max(phrase.score if phrase.found else 0.0 for phrase in column) for column in columns]
