"""What is asked, and what is shown while it is asked and when it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desktop.controllers.searching import FIRST_HITS, SearchController
from app.desktop.controllers.visiting import VisitingController
from app.desktop.models.columns import Column
from app.desktop.models.nothing import Remedy
from app.desktop.models.pages import PAGE_ROWS
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.searches import Found, Request
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from tests.app.desktop.sounds import moment, sound
from tests.app.fakes import ANSWER
from tokenalign.refinement import Emphasis

SELECT_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows

BEST_FIRST = (sound("wolf.wav", score=0.9), sound("ant.wav", score=0.1))


class Desk:
    """The search bar and the results, joined; a library that finds the same two sounds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: tuple[SoundRow, ...] = BEST_FIRST
        self.paged: list[Request] = []
        self.open = threading.Event()
        self.open.set()
        self.workshop = SimpleNamespace(has_model=True)
        self.bar, self.results, self.model = SearchBar(), ResultsView(), ResultsModel()
        self.results.set_model(self.model)
        for name in ("find", "count", "page"):
            monkeypatch.setattr(f"app.desktop.controllers.searching.{name}", getattr(self, name))
        self.searching = SearchController(
            workshop=self.workshop,  # type: ignore[arg-type]
            bar=self.bar,
            results=self.results,
            model=self.model,
        )
        self.visiting = VisitingController(searching=self.searching, bar=self.bar)

    def find(self, request: Request, workshop: object, *, limit: int) -> Found:
        self.open.wait()
        rows = self.rows[:limit]
        return Found(request, replace(ANSWER, results=()), rows, total=len(self.rows))

    def count(self, request: Request, workshop: object) -> int:
        self.open.wait()
        return len(self.rows)

    def page(self, request: Request, workshop: object, first: int) -> tuple[SoundRow, ...]:
        self.paged.append(request)
        return self.rows[first : first + PAGE_ROWS]

    @property
    def names(self) -> list[str]:
        return [line.row.name for line in self.model.loaded(0, 9)]

    @property
    def at_rest(self) -> bool:
        return all(runner.idle for runner in self.searching.runners())


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(monkeypatch)
    for widget in (made.bar, made.results):
        qtbot.addWidget(widget)
        widget.show()
    yield made
    made.open.set()
    made.searching.close()


def ask(desk: Desk, qtbot: QtBot, caption: str) -> None:
    """Look for a caption, and wait for the answer."""
    desk.searching.search(caption)
    qtbot.waitUntil(lambda: desk.at_rest)


# Enter


def test_enter_on_an_answered_caption_goes_to_the_first_result(desk: Desk, qtbot: QtBot) -> None:
    ask(desk, qtbot, "a dog barks")
    with qtbot.waitSignal(desk.results.row_selected) as selected:
        QTest.keyClick(desk.bar.field, Qt.Key.Key_Return)
    assert selected.args == [BEST_FIRST[0]]


def test_enter_on_a_caption_that_is_not_answered_stays_in_it(desk: Desk, qtbot: QtBot) -> None:
    ask(desk, qtbot, "a dog barks")
    desk.open.clear()
    desk.bar.field.setText("rain")
    for _ in range(2):  # asks, and then the answer is not there yet
        QTest.keyClick(desk.bar.field, Qt.Key.Key_Return)
    assert desk.searching.request.caption == "rain"
    assert desk.results.selected_rows() == []


# The order


def test_another_caption_is_shown_by_rank_again(desk: Desk, qtbot: QtBot) -> None:
    ask(desk, qtbot, "a dog barks")
    desk.model.sort(Column.NAME)
    assert desk.names == ["ant.wav", "wolf.wav"]
    ask(desk, qtbot, "a dog howls")
    assert desk.names == ["wolf.wav", "ant.wav"]
    desk.model.sort(Column.NAME)
    desk.searching.search_like(Path("/sounds/cat.wav"))
    qtbot.waitUntil(lambda: desk.at_rest)
    assert desk.names == ["wolf.wav", "ant.wav"]


def test_filters_emphases_and_refreshes_keep_the_order(desk: Desk, qtbot: QtBot) -> None:
    ask(desk, qtbot, "a dog barks")
    desk.model.sort(Column.NAME)
    changes: tuple[Callable[[], None], ...] = (
        lambda: desk.searching.show_where("format=wav"),
        lambda: desk.bar.emphases_changed.emit((Emphasis.BOOSTED,)),
        desk.searching.refresh,
    )
    for change in changes:
        change()
        qtbot.waitUntil(lambda: desk.at_rest)
        assert desk.names == ["ant.wav", "wolf.wav"]


def test_an_order_of_the_library_ends_with_browsing(desk: Desk, qtbot: QtBot) -> None:
    desk.searching.refresh()
    qtbot.waitUntil(lambda: desk.model.browsing and desk.at_rest)
    desk.model.sort(Column.DURATION, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: desk.at_rest)
    assert desk.searching.request.order == ("duration", True)
    ask(desk, qtbot, "rain")
    ask(desk, qtbot, "")
    assert desk.searching.request.order == ("name", False)


def test_a_refresh_leaves_a_person_far_down_a_long_answer_where_they_are(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.rows = tuple(sound(f"{place}.wav", score=0.5) for place in range(4 * FIRST_HITS))
    ask(desk, qtbot, "a dog barks")
    table = desk.results.table
    bar = table.verticalScrollBar()
    for place in (FIRST_HITS + 20, 2 * FIRST_HITS):
        index = desk.model.index(place, Column.NAME)
        table.selectionModel().select(index, SELECT_ROW)
    table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    bar.setValue(bar.maximum() - 5)
    before = bar.value(), desk.results.selected_rows()
    desk.searching.refresh()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert (bar.value(), desk.results.selected_rows()) == before


# All that stands there


def test_all_rows_are_read_by_the_filter_that_is_answered(desk: Desk, qtbot: QtBot) -> None:
    desk.searching.show_where("format=wav")
    qtbot.waitUntil(lambda: desk.model.browsing and desk.at_rest)
    desk.model.show_pages(2, lambda first: None)  # neither is here
    desk.open.clear()
    desk.paged.clear()
    desk.searching.show_where("format=flac")
    assert [row.name for row in desk.searching.all_rows()()] == ["wolf.wav", "ant.wav"]
    assert [request.where for request in desk.paged] == ["format=wav"]


def test_selected_sounds_that_are_not_here_are_read_from_the_library(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.rows = tuple(sound(f"{place}.wav") for place in range(5 * PAGE_ROWS))
    desk.searching.refresh()
    qtbot.waitUntil(lambda: desk.model.line_at(0) is not None and desk.at_rest)
    desk.results.table.selectAll()
    assert len(desk.results.selected_rows()) < len(desk.rows)
    assert list(desk.searching.selected_rows()()) == list(desk.rows)
    brought: list[Sequence[SoundRow]] = []
    desk.searching.bring_selected(brought.append)
    qtbot.waitUntil(lambda: bool(brought))
    assert brought == [list(desk.rows)]


def test_spans_of_selected_sounds_are_read_to_their_ends(desk: Desk, qtbot: QtBot) -> None:
    desk.rows = tuple(sound(f"{place}.wav") for place in range(5 * PAGE_ROWS))
    desk.searching.refresh()
    qtbot.waitUntil(lambda: desk.model.line_at(0) is not None and desk.at_rest)
    spans = ((3, 4), (PAGE_ROWS - 1, 2 * PAGE_ROWS + 1), (900, 900))
    for first, last in spans:
        ends = (desk.model.index(place, Column.NAME) for place in (first, last))
        desk.results.table.selectionModel().select(QItemSelection(*ends), SELECT_ROW)
    wanted = [row for first, last in spans for row in desk.rows[first : last + 1]]
    assert list(desk.searching.selected_rows()()) == wanted


def test_a_sound_and_its_moments_are_one_selected_sound(desk: Desk, qtbot: QtBot) -> None:
    desk.rows = (sound("wolf.wav", score=0.9, moments=(moment(5, 6, 0.4),)), BEST_FIRST[1])
    ask(desk, qtbot, "a dog barks")
    desk.model.toggle_moments(0)
    desk.results.table.selectAll()
    assert [row.name for row in desk.searching.selected_rows()()] == ["wolf.wav", "ant.wav"]


# Waiting


def test_a_slow_answer_is_seen_to_be_awaited(desk: Desk, qtbot: QtBot) -> None:
    desk.workshop.has_model = False
    desk.open.clear()
    desk.searching.search("a dog barks")
    assert not desk.bar.field.busy.isVisible()
    qtbot.waitUntil(desk.bar.field.busy.isVisible)
    assert desk.results.banner.text == "Loading the model…"
    desk.workshop.has_model = True
    desk.open.set()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert not desk.bar.field.busy.isVisible()
    assert desk.results.banner.text == ""


def test_a_refresh_while_a_caption_waits_is_no_answer_to_the_one_before(
    desk: Desk, qtbot: QtBot
) -> None:
    ask(desk, qtbot, "a dog barks")
    desk.open.clear()
    desk.searching.search("rain")
    desk.searching.refresh()
    desk.open.set()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert not desk.model.again
    desk.searching.refresh()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert desk.model.again


# Nothing


def test_filters_that_no_sound_meets_are_reset_by_a_button(desk: Desk, qtbot: QtBot) -> None:
    desk.rows = ()
    desk.searching.show_where("format=wav")
    ask(desk, qtbot, "a dog barks")
    assert desk.results.placeholder.text() == "No sound matches the filters."
    desk.rows = BEST_FIRST
    desk.results.remedy_chosen.emit(str(Remedy.NO_FILTERS))
    qtbot.waitUntil(lambda: desk.at_rest)
    assert (desk.bar.where(), desk.searching.request.where) == ("", "")
    assert desk.results.table.isVisible()


def test_words_that_no_name_has_are_searched_by_sound_by_a_button(desk: Desk, qtbot: QtBot) -> None:
    desk.rows = ()
    desk.bar.words_button.click()
    ask(desk, qtbot, "bark")
    assert desk.results.placeholder.text() == "No name or tag has “bark”."
    desk.rows = BEST_FIRST
    desk.results.remedy_chosen.emit(str(Remedy.BY_SOUND))
    qtbot.waitUntil(lambda: desk.at_rest)
    assert not desk.bar.words_only()
    assert not desk.searching.request.browses
    assert desk.names == ["wolf.wav", "ant.wav"]


# Back, and saved searches


def test_back_leaves_the_search_of_names_only(desk: Desk, qtbot: QtBot) -> None:
    ask(desk, qtbot, "rain")
    desk.bar.words_button.click()
    ask(desk, qtbot, "marktplatz")
    desk.visiting.go_back()
    assert (desk.bar.caption(), desk.bar.words_only()) == ("rain", False)
    assert not desk.searching.request.words_only
    desk.visiting.go_forward()
    assert (desk.bar.caption(), desk.bar.words_only()) == ("marktplatz", True)
    assert desk.searching.request.words_only


def test_a_search_by_example_is_saved_as_what_it_is(desk: Desk, qtbot: QtBot) -> None:
    bell = Path("/sounds/bell.wav")
    ask(desk, qtbot, "rain")
    desk.searching.search_like(bell, (1.0, 2.0))
    desk.bar.save_requested.emit("bells")
    ask(desk, qtbot, "wind")
    (saved,) = desk.visiting.history.saved
    desk.bar.saved_chosen.emit(saved)
    request = desk.searching.request
    assert (request.example, request.span_s, request.caption) == (bell, (1.0, 2.0), "rain")


def test_a_search_by_example_alone_can_be_saved(desk: Desk) -> None:
    desk.searching.search_like(Path("/sounds/bell.wav"))
    assert desk.bar.saved_button.save_action.isEnabled()
    desk.searching.search("")
    assert not desk.bar.saved_button.save_action.isEnabled()
