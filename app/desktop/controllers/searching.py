"""Searching: from what the person typed, dropped or chose to the rows of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.models.history import History, SavedSearch, Visit
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.models.verdict import verdict
from app.desktop.searches import Found, Request, count, find, page
from app.desktop.tasks import TaskRunner
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from app.desktop.workshop import Workshop
from tokenalign.errors import TokenAlignError
from tokenalign.library import SearchAnswer
from tokenalign.query import parse

FIRST_HITS = 30
"""Enough to fill the table while the person still types."""

ALL_HITS = 200

SETTLED_MS = 1500
"""A search that stands this long is worth going back to."""


class SearchController(QObject):
    """Joins the search bar and the results; the newest request wins.

    Signals:
        answered: what was found, as `Found`; None when the library is browsed.
        history_changed: visits or saved searches are others than before.
        failed: an unexpected exception: a bug of the program.

    Args:
        workshop: library and model.
        bar: where the person asks.
        results: where the answer stands.
        model: the rows of the results.
        parent: owner.
    """

    answered = Signal(object)
    history_changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        *,
        workshop: Workshop,
        bar: SearchBar,
        results: ResultsView,
        model: ResultsModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._bar = bar
        self._results = results
        self._model = model
        self.history = History()
        self._request = Request()
        self._runner = TaskRunner("search", newest_wins=True, parent=self)
        self._pages = TaskRunner("pages", newest_wins=False, parent=self)
        self._words = TaskRunner("words", newest_wins=True, parent=self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._remember)
        self._connect()

    @property
    def request(self) -> Request:
        """What is being looked for."""
        return self._request

    def _connect(self) -> None:
        bar = self._bar
        bar.caption_edited.connect(self._on_caption_edited)
        bar.caption_submitted.connect(self._on_caption_submitted)
        bar.words_wanted.connect(self._on_words_wanted)
        bar.emphases_changed.connect(lambda chosen: self._change(emphases=chosen))
        bar.where_changed.connect(lambda where: self._change(where=where))
        bar.words_only_toggled.connect(lambda only: self._change(words_only=only))
        bar.example_dropped.connect(self.search_like)
        bar.example_removed.connect(self._on_example_removed)
        bar.back_requested.connect(self.go_back)
        bar.forward_requested.connect(self.go_forward)
        bar.save_requested.connect(self._on_save_requested)
        bar.saved_chosen.connect(self._on_saved_chosen)
        bar.forget_requested.connect(self._on_forget_requested)
        self._model.sort_wanted.connect(
            lambda column, descending: self._change(order=(column, descending))
        )

    # What the person does

    def search(self, caption: str) -> None:
        """Look for a caption, as if it had been typed and entered."""
        self._bar.set_caption(caption)
        self._on_caption_submitted(caption)

    def search_like(self, path: Path, span_s: tuple[float, float] | None = None) -> None:
        """Look for sounds like one."""
        self._remember()  # Back shall come here, however short the stay was
        self._bar.show_example_sound(path.name)
        self._change(example=path, span_s=span_s)
        self._remember()

    def show_where(self, where: str) -> None:
        """Filter by a text of the grammar of `tokenalign.library.filtering.filters`."""
        self._bar.set_where(where)
        self._change(where=where)

    def refresh(self) -> None:
        """Ask again: the library or the model has changed."""
        self._ask(self._request, again=True)

    def _on_caption_edited(self, caption: str) -> None:
        self._bar.show_query(parse(caption))
        self._bar.show_example_sound(None)
        self._change(
            caption=caption.strip(), emphases=self._bar.emphases(), example=None, span_s=None
        )

    def _on_caption_submitted(self, caption: str) -> None:
        self._on_caption_edited(caption)
        self._remember()

    def _on_example_removed(self) -> None:
        self._bar.show_example_sound(None)
        self._change(example=None, span_s=None)

    def _on_words_wanted(self, prefix: str) -> None:
        self._words.start(
            lambda: self._workshop.library().words_completing(prefix), done=self._bar.show_words
        )

    # History

    def use_history(self, history: History) -> None:
        """Go on with what an earlier run remembered."""
        self.history = history
        self._show_history()

    def go_back(self) -> None:
        """Go to the search before."""
        self._go_to(self.history.back())

    def go_forward(self) -> None:
        """Go to the search that Back left."""
        self._go_to(self.history.forward())

    def _go_to(self, visit: Visit | None) -> None:
        if visit is None:
            return
        example = Path(visit.example) if visit.example else None
        self._bar.set_where(visit.where)
        self._bar.set_caption(visit.caption)
        self._bar.show_query(parse(visit.caption))
        self._bar.set_emphases(visit.emphases)
        self._bar.show_example_sound(example.name if example else None)
        self._change(
            caption=visit.caption,
            emphases=self._bar.emphases(),
            where=visit.where,
            example=example,
            span_s=visit.span_s,
        )
        self._show_history()

    def _remember(self) -> None:
        """Let Back come here."""
        request = self._request
        if request.caption or request.where or request.example:
            self.history.visit(
                Visit(
                    caption=request.caption,
                    where=request.where,
                    emphases=request.emphases,
                    example=str(request.example or ""),
                    span_s=request.span_s,
                )
            )
            self._tell_history()

    def _on_saved_chosen(self, saved: SavedSearch) -> None:
        self._go_to(saved.visit)
        self._remember()

    def _on_save_requested(self, name: str) -> None:
        request = self._request
        self.history.save(SavedSearch(name, request.caption, request.where, request.emphases))
        self._tell_history()

    def _on_forget_requested(self, saved: SavedSearch) -> None:
        self.history.forget(saved.name)
        self._tell_history()

    def _tell_history(self) -> None:
        self._show_history()
        self.history_changed.emit()

    def _show_history(self) -> None:
        history = self.history
        self._bar.show_history(history.can_go_back, history.can_go_forward, history.captions)
        self._bar.show_saved(history.saved)

    # Asking

    def _change(self, **changes: object) -> None:
        request = replace(self._request, **changes)  # type: ignore[arg-type]  # named at the calls
        if request != self._request:
            self._ask(request, again=False)

    def _ask(self, request: Request, *, again: bool) -> None:
        """Answer a request; `again` keeps the table where it is."""
        self._request = request
        self._bar.show_error("")
        if not again:
            self._settled.start()
        if request.browses:
            self._runner.start(
                lambda: count(request, self._workshop),
                done=lambda total: self._show_library(total, again=again),
                failed=self._on_failed,
            )
        else:
            self._find(FIRST_HITS, again=again)

    def _find(self, limit: int, *, again: bool) -> None:
        request = self._request
        self._runner.start(
            lambda: find(request, self._workshop, limit=limit),
            done=lambda found: self._show(found, limit=limit, again=again),
            failed=self._on_failed,
        )

    # Answering

    def _show(self, found: Found, *, limit: int, again: bool) -> None:
        self._model.show_rows(found.rows, again=again)
        self._bar.show_found(_best_presences(found.answer))
        self._results.show_banner(verdict(found.answer))
        self._results.show_placeholder("" if found.rows else "Nothing was found.")
        self.answered.emit(found)
        if len(found.rows) >= limit and limit < ALL_HITS:
            self._find(ALL_HITS, again=True)

    def _show_library(self, total: int, *, again: bool) -> None:
        request = self._request

        def fetch(first: int) -> None:
            self._pages.start(
                lambda: page(request, self._workshop, first),
                done=lambda rows: self._put_page(request, first, rows),
                failed=self._on_failed,
            )

        self._results.show_banner("")
        self._results.show_placeholder("" if total else _nothing_here(request))
        self._model.show_pages(total, fetch, again=again)
        self.answered.emit(None)

    def _put_page(self, request: Request, first: int, rows: Sequence[SoundRow]) -> None:
        if request == self._request:
            self._model.put_page(first, rows)

    def _on_failed(self, error: Exception) -> None:
        self._model.show_rows(())
        self._results.show_banner("")
        if isinstance(error, TokenAlignError):
            self._bar.show_error(error.message)
            self._results.show_placeholder(error.hint)
        else:
            self.failed.emit(error)

    def runners(self) -> tuple[TaskRunner, ...]:
        """Those that work when something was asked."""
        return self._runner, self._pages, self._words

    def close(self) -> None:
        """Cancel and wait."""
        self._settled.stop()
        for runner in self.runners():
            runner.close()


def _nothing_here(request: Request) -> str:
    if request.where or request.caption:
        return "No sound matches the filters."
    return "No sounds yet. Add a folder of sounds to begin, or drop one here."


def _best_presences(answer: SearchAnswer) -> list[float]:
    """The highest presence of each phrase among the hits; 0 where none was found."""
    columns = zip(*(hit.phrases for hit in answer.results if hit.phrases), strict=False)
    return [max(phrase.score if phrase.found else 0.0 for phrase in column) for column in columns]
