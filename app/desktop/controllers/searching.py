"""Searching: from what the person typed, dropped or chose to the rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.models.conditions import Condition, at_place
from app.desktop.models.history import Visit
from app.desktop.models.nothing import NO_SOUNDS, Remedy, nothing_here
from app.desktop.models.pages import PAGE_ROWS
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.models.tally import tally
from app.desktop.models.verdict import best_presences, verdict
from app.desktop.searches import Found, Request, count, find, page
from app.desktop.tasks import TaskRunner
from app.desktop.trouble import remedy_text
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from app.desktop.workshop import Workshop
from app.plain import counted
from tokenalign.errors import TokenAlignError
from tokenalign.query import parse
from tokenalign.soundscapes import DEMO_QUERIES

FIRST_HITS = 30
"""Enough to fill the table while the person still types."""

ALL_HITS = 200

SETTLED_MS = 1500
"""A search that stands this long is worth going back to."""

SLOW_MS = 250
"""An answer that takes longer is seen to be awaited."""


class SearchController(QObject):
    """Joins the search bar and the results; the newest request wins.

    Signals:
        answered: what was found, as `Found`; None when the library is browsed.
        settled: what is being looked for is worth going back to.
        failed: an unexpected exception, or why the selected sounds could not be brought.

    Args:
        workshop: library and model.
        bar: where the person asks.
        results: where the answer stands.
        model: the rows of the results.
        parent: owner.
    """

    answered = Signal(object)
    settled = Signal()
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
        self._request = Request()
        self._answered: Request | None = None
        self._library_empty: bool | None = None  # not known yet
        self._runner = TaskRunner("search", newest_wins=True, parent=self)
        self._pages = TaskRunner("pages", newest_wins=False, parent=self)
        self._words = TaskRunner("words", newest_wins=True, parent=self)
        self._bringing = TaskRunner("selected", newest_wins=False, parent=self)
        self._settling = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settling.timeout.connect(self.settled)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(self._show_busy)
        self._connect()

    @property
    def request(self) -> Request:
        """What is being looked for."""
        return self._request

    @property
    def shown_request(self) -> Request:
        """What the sounds that stand in the results were found for: the newest one answered."""
        return self._answered or Request()

    def all_rows(self) -> Callable[[], Iterable[SoundRow]]:
        """What brings all sounds that stand in the results, in their order; for any thread.

        It raises a TokenAlignError if the library cannot be read.
        """
        return self._rows_at([(0, self._model.rowCount() - 1)])

    def selected_rows(self) -> Callable[[], Iterable[SoundRow]]:
        """As `all_rows`, of those that are selected."""
        return self._rows_at(self._results.selected_spans())

    def bring_selected(self, then: Callable[[Sequence[SoundRow]], None]) -> None:
        """Give all selected sounds to `then`: at once, or when those elsewhere have been read."""
        here, bring = self._results.selected_rows(), self.selected_rows()
        if len(here) == self._results.selected_count():
            then(here)
        else:
            self._bringing.start(lambda: list(bring()), done=then, failed=self.failed.emit)

    def _rows_at(self, spans: Sequence[tuple[int, int]]) -> Callable[[], Iterable[SoundRow]]:
        """What brings the sounds of some lines, each once: its moments stand right below it."""
        parts = [self._rows_between(first, last) for first, last in spans]

        def bring() -> Iterator[SoundRow]:
            rows = (row for part in parts for row in part())
            return (next(same) for _, same in groupby(rows, key=lambda row: row.path))

        return bring

    def _rows_between(self, first: int, last: int) -> Callable[[], Iterable[SoundRow]]:
        """What brings the sounds of a span of lines, from the library unless all are here."""
        here = [line.row for line in self._model.loaded(first, last)]
        if len(here) == last - first + 1:
            return lambda: here
        request, workshop = self.shown_request, self._workshop
        return lambda: _read(request, workshop, first, last)

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
        self._results.remedy_chosen.connect(self._on_remedy_chosen)
        self._model.sort_wanted.connect(
            lambda column, descending: self._change(order=(column, descending))
        )

    # What the person does

    def search(self, caption: str) -> None:
        """Look for a caption, as if it had been typed and entered."""
        self._bar.set_caption(caption)
        self._on_caption_edited(caption)
        self.settled.emit()

    def search_like(self, path: Path, span_s: tuple[float, float] | None = None) -> None:
        """Look for sounds like one."""
        self.settled.emit()  # Back shall come here, however short the stay was
        self._bar.show_example_sound(path.name)
        self._change(example=path, span_s=span_s)
        self.settled.emit()

    def show_where(self, where: str) -> None:
        """Filter by a text of the grammar of `tokenalign.library.filtering.filters`."""
        self._bar.set_where(where)
        self._change(where=where)

    def go_to_place(self, place: Condition) -> None:
        """Look in a folder, in a collection or among the favourites; other conditions stay."""
        self.show_where(at_place(self._request.where, place))

    def refresh(self) -> None:
        """Ask again: the library or the model has changed."""
        self._ask(self._request, again=self._request == self._answered)

    def set_library_empty(self, empty: bool) -> None:
        """Say whether there is any sound to look for; without one, only how to begin is shown."""
        if empty != self._library_empty:
            self._library_empty = empty
            self._bar.show_examples(() if empty else DEMO_QUERIES)

    def _on_caption_edited(self, caption: str) -> None:
        self._bar.show_query(parse(caption))
        self._bar.show_example_sound(None)
        self._change(
            caption=caption.strip(), emphases=self._bar.emphases(), example=None, span_s=None
        )

    def _on_caption_submitted(self, caption: str) -> None:
        before = self._request
        self._on_caption_edited(caption)
        self.settled.emit()
        if self._request == before == self._answered and caption.strip() and self._model.sounds:
            self._results.setFocus()  # there is nothing else left for Enter to do

    def _on_remedy_chosen(self, remedy: str) -> None:
        if remedy == Remedy.NO_FILTERS:
            self.show_where("")
        elif remedy == Remedy.BY_SOUND:
            self._bar.set_words_only(False)
            self._change(words_only=False)

    def _on_example_removed(self) -> None:
        self._bar.show_example_sound(None)
        self._change(example=None, span_s=None)

    def _on_words_wanted(self, prefix: str) -> None:
        self._words.start(
            lambda: self._workshop.library().words_completing(prefix), done=self._bar.show_words
        )

    def go_to(self, visit: Visit) -> None:
        """Make a search of before again."""
        example = Path(visit.example) if visit.example else None
        self._bar.set_where(visit.where)
        self._bar.set_words_only(visit.words_only)
        self._bar.set_caption(visit.caption)
        self._bar.show_query(parse(visit.caption))
        self._bar.set_emphases(visit.emphases)
        self._bar.show_example_sound(example.name if example else None)
        self._change(
            caption=visit.caption,
            emphases=self._bar.emphases(),
            where=visit.where,
            words_only=visit.words_only,
            example=example,
            span_s=visit.span_s,
        )

    # Asking

    def _change(self, **changes: object) -> None:
        request = replace(self._request, **changes)  # type: ignore[arg-type]  # named at the calls
        if not request.browses:  # the library's order ends with browsing, as the header's does
            request = replace(request, order=Request().order)
        if request != self._request:
            self._ask(request, again=False)

    def _ask(self, request: Request, *, again: bool) -> None:
        """Answer a request; `again` keeps the table where it is."""
        self._request = request
        self._bar.show_error("")
        if not again:
            self._settling.start()
            self._slow.start()
        if self._library_empty:
            self._show_beginning()
        elif request.browses:
            self._runner.start(
                lambda: count(request, self._workshop),
                done=lambda total: self._show_library(total, again=again),
                failed=self._on_failed,
            )
        else:
            # All at once again: a shorter list would move the table and drop what is selected.
            self._find(ALL_HITS if again else FIRST_HITS, again=again)

    def _find(self, limit: int, *, again: bool) -> None:
        request = self._request
        self._runner.start(
            lambda: find(request, self._workshop, limit=limit),
            done=lambda found: self._show(found, limit=limit, again=again),
            failed=self._on_failed,
        )

    # Answering

    def _show(self, found: Found, *, limit: int, again: bool) -> None:
        anew = self._answered is None or self._answered.question != found.request.question
        self._note_answer(found.request, empty=not found.rows)
        self._model.show_rows(found.rows, again=again, anew=anew)
        self._bar.show_count(tally(found.rows, total=found.total, limit=limit))
        self._bar.show_found(best_presences(found.answer))
        self._results.show_banner(verdict(found.answer))
        self.answered.emit(found)
        if len(found.rows) >= limit and limit < ALL_HITS:
            self._find(ALL_HITS, again=True)

    def _show_beginning(self) -> None:
        """Whatever is asked of an empty library."""
        self._runner.cancel()
        self._answered = None
        self._end_wait()
        self._model.show_pages(0, lambda _: None)
        self._results.show_banner("")
        self._results.show_placeholder(NO_SOUNDS.text, NO_SOUNDS.remedies)
        self._bar.show_count("")
        self.answered.emit(None)

    def _show_library(self, total: int, *, again: bool) -> None:
        request = self._request

        def fetch(first: int) -> None:
            self._pages.start(
                lambda: page(request, self._workshop, first),
                done=lambda rows: self._put_page(request, first, rows),
                failed=self._on_failed,
            )

        self._note_answer(request, empty=not total)
        self._bar.show_count(counted(total, "sound"))
        self._results.show_banner("")
        self._model.show_pages(total, fetch, again=again)
        self.answered.emit(None)

    def _note_answer(self, request: Request, *, empty: bool) -> None:
        self._answered = request
        self._end_wait()
        if empty:
            why = nothing_here(words=request.words, where=request.where, ranked=not request.browses)
            self._results.show_placeholder(why.text, why.remedies)
        else:
            self._results.show_placeholder("")

    def _show_busy(self) -> None:
        """The rows of before still stand below the new caption."""
        self._bar.show_busy(True)
        if not self._request.browses and not self._workshop.has_model:
            self._results.show_banner("Loading the model…")

    def _end_wait(self) -> None:
        self._slow.stop()
        self._bar.show_busy(False)

    def _put_page(self, request: Request, first: int, rows: Sequence[SoundRow]) -> None:
        if request == self._request:
            self._model.put_page(first, rows)

    def _on_failed(self, error: Exception) -> None:
        self._end_wait()
        self._model.show_rows(())
        self._bar.show_count("")
        self._results.show_banner("")
        if isinstance(error, TokenAlignError):
            self._bar.show_error(error.message)
            self._results.show_placeholder(remedy_text(error))
        else:
            self.failed.emit(error)

    def runners(self) -> tuple[TaskRunner, ...]:
        """Those that work when something was asked."""
        return self._runner, self._pages, self._words

    def close(self) -> None:
        """Cancel and wait."""
        self._settling.stop()
        self._slow.stop()
        for runner in self.runners():
            runner.close()
        self._bringing.finish()  # what the person does with the selected sounds must not be lost


def _read(request: Request, workshop: Workshop, first: int, last: int) -> Iterator[SoundRow]:
    """The sounds of a library from first to last, both included, read page by page."""
    for start in range(first, last + 1, PAGE_ROWS):
        yield from page(request, workshop, start)[: last + 1 - start]
