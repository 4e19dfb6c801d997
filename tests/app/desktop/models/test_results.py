from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.desktop.models.cells import Role
from app.desktop.models.columns import COLUMNS, Column
from app.desktop.models.pages import PAGE_ROWS, PAGES_KEPT
from app.desktop.models.results import NOT_HERE_YET, ResultsModel
from app.desktop.models.sounds import SoundRow
from tests.app.desktop.sounds import moment, phrase, row_at, sound
from tokenalign.audio.peaks import Peaks
from tokenalign.query.types import Relation

DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


@pytest.fixture
def model(qapp: object) -> ResultsModel:
    made = ResultsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


@pytest.fixture
def big_model(qapp: object) -> ResultsModel:
    """Without the tester, which would go through every cell."""
    return ResultsModel()


def names(model: ResultsModel) -> list[str]:
    return [model.index(i, Column.NAME).data() for i in range(model.rowCount())]


def page(first: int, count: int = PAGE_ROWS) -> list[SoundRow]:
    return [sound(f"{place:07}.wav") for place in range(first, first + count)]


FOUND = (
    sound("dog.wav", score=0.9, duration_s=4.0),
    sound("Cat.wav", score=0.6, duration_s=2.0, moments=(moment(5, 6, 0.4), moment(8, 9, 0.3))),
    sound("ant.wav", score=0.3, duration_s=4.0, metadata=(("category", "INSECTS"),)),
)


def test_rows_of_a_search_stand_as_ranked_after_a_reset(model: ResultsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignals([model.modelAboutToBeReset, model.modelReset]):
        model.show_rows(FOUND)
    assert names(model) == ["dog.wav", "Cat.wav", "ant.wav"]
    assert model.index(2, Column.RANK).data() == "3"
    assert row_at(model, 1) is FOUND[1]
    assert row_at(model, 3) is None
    assert not model.browsing


def test_the_bar_is_relative_to_the_best_but_a_weak_best_has_no_full_one(
    model: ResultsModel,
) -> None:
    model.show_rows(FOUND)
    shares = [model.index(i, Column.MATCH).data(Role.SHARE) for i in range(3)]
    assert shares == pytest.approx([1.0, 0.6 / 0.9, 0.3 / 0.9])
    model.show_rows([sound("weak.wav", score=0.1)])
    assert model.index(0, Column.MATCH).data(Role.SHARE) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (Column.NAME, UP, ["ant.wav", "Cat.wav", "dog.wav"]),
        (Column.DURATION, UP, ["Cat.wav", "dog.wav", "ant.wav"]),
        (Column.DURATION, DOWN, ["dog.wav", "ant.wav", "Cat.wav"]),
        (Column.MATCH, UP, ["ant.wav", "Cat.wav", "dog.wav"]),
        (-1, UP, ["dog.wav", "Cat.wav", "ant.wav"]),
    ],
)
def test_a_search_is_sorted_here_and_equals_keep_their_rank(
    model: ResultsModel, column: int, order: Qt.SortOrder, expected: list[str]
) -> None:
    model.show_rows(FOUND)
    model.sort(Column.FOLDER, DOWN)
    model.sort(column, order)
    assert names(model) == expected


def test_sounds_without_a_value_come_last_both_ways(model: ResultsModel) -> None:
    category = [facts.key for facts in COLUMNS].index("category")
    model.show_rows(FOUND)
    for order in (UP, DOWN):
        model.sort(category, order)
        assert names(model) == ["ant.wav", "dog.wav", "Cat.wav"]


def test_an_order_stays_for_the_next_answer_but_not_for_the_library(
    model: ResultsModel, qtbot: QtBot
) -> None:
    model.show_rows(FOUND)
    model.sort(Column.NAME, UP)
    model.show_rows(FOUND)
    assert names(model)[0] == "ant.wav"
    with qtbot.waitSignal(model.sort_changed) as changed:
        model.show_pages(0, lambda first: None)
    assert changed.args == [-1, False]
    model.show_rows(FOUND)
    assert names(model)[0] == "dog.wav"


def test_an_order_ends_when_something_else_is_looked_for(model: ResultsModel, qtbot: QtBot) -> None:
    model.show_rows(FOUND)
    model.sort(Column.NAME, UP)
    with qtbot.waitSignal(model.sort_changed) as changed:
        model.show_rows(FOUND, anew=True)
    assert changed.args == [-1, False]
    assert names(model)[0] == "dog.wav"


def test_moments_open_below_their_sound_and_move_with_it(model: ResultsModel, qtbot: QtBot) -> None:
    model.show_rows(FOUND)
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.toggle_moments(1)
    assert inserted.args[1:] == [2, 3]
    assert names(model)[1:4] == ["Cat.wav", "5.0–6.0 s", "8.0–9.0 s"]
    line = model.line_at(3)
    assert line is not None
    assert (line.moment, line.score, line.row) == (1, 0.3, FOUND[1])
    kept = QPersistentModelIndex(model.index(3, Column.NAME))
    model.sort(Column.NAME, DOWN)
    assert names(model) == ["dog.wav", "Cat.wav", "5.0–6.0 s", "8.0–9.0 s", "ant.wav"]
    model.sort(Column.NAME, UP)
    assert (kept.row(), kept.data()) == (3, "8.0–9.0 s")
    with qtbot.waitSignal(model.rowsRemoved):
        model.toggle_moments(1)
    assert names(model) == ["ant.wav", "Cat.wav", "dog.wav"]
    model.toggle_moments(0)  # has none
    assert model.rowCount() == 3


def test_the_same_search_asked_again_keeps_moments_open(model: ResultsModel) -> None:
    model.show_rows(FOUND)
    model.toggle_moments(1)
    model.show_rows(FOUND, again=True)
    assert model.rowCount() == 5
    assert model.sounds == 3
    model.show_rows(FOUND)
    assert model.rowCount() == 3


def test_a_library_is_asked_for_the_pages_that_are_seen(big_model: ResultsModel) -> None:
    asked: list[int] = []
    big_model.show_pages(1_000_000, asked.append)
    assert (big_model.rowCount(), asked) == (1_000_000, [])
    big_model.look_at(390, 410)
    assert asked == [200, 400]
    assert big_model.index(390, Column.NAME).data() == NOT_HERE_YET
    assert row_at(big_model, 390) is None
    big_model.put_page(200, page(200))
    assert big_model.index(390, Column.NAME).data() == "0000390.wav"
    big_model.look_at(390, 412)
    assert asked == [200, 400]


def test_a_page_that_went_out_of_sight_unanswered_is_asked_for_again(
    big_model: ResultsModel,
) -> None:
    asked: list[int] = []
    big_model.show_pages(10_000, asked.append)
    for first in (0, 5000, 0):
        big_model.look_at(first, first + 20)
    assert asked == [0, 5000, 0]


def test_only_the_pages_seen_last_are_held(big_model: ResultsModel) -> None:
    big_model.show_pages(1_000_000, lambda first: big_model.put_page(first, page(first)))
    for number in range(PAGES_KEPT + 5):
        big_model.look_at(0, 10)  # comes back to the first page each time
        big_model.look_at(number * PAGE_ROWS, number * PAGE_ROWS + 10)
    assert len(big_model.loaded(0, 999_999)) == PAGES_KEPT * PAGE_ROWS
    assert row_at(big_model, 0) is not None
    assert row_at(big_model, PAGE_ROWS) is None


def test_a_page_tells_which_lines_changed(model: ResultsModel, qtbot: QtBot) -> None:
    model.show_pages(250, lambda first: None)
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put_page(200, page(200, 50))
    top, bottom = changed.args[:2]
    assert (top.row(), bottom.row(), bottom.column()) == (200, 249, len(COLUMNS) - 1)


def test_pages_of_another_list_are_not_taken(model: ResultsModel) -> None:
    model.show_pages(100, lambda first: None)
    model.put_page(200, page(200))
    model.put_page(7, page(7))
    model.show_rows(FOUND)
    model.put_page(0, page(0))
    assert names(model)[0] == "dog.wav"


def test_the_same_list_asked_again_shows_what_was_there_until_news_come(
    model: ResultsModel,
) -> None:
    asked: list[int] = []
    model.show_pages(300, lambda first: model.put_page(first, page(first)))
    model.look_at(0, 20)
    model.show_pages(301, asked.append, again=True)
    assert model.again
    assert names(model)[:2] == ["0000000.wav", "0000001.wav"]
    model.look_at(0, 20)
    assert asked == [0]
    model.put_page(0, [sound("new.wav"), *page(0, 199)])
    assert names(model)[:2] == ["new.wav", "0000000.wav"]


def test_a_library_is_sorted_elsewhere(model: ResultsModel, qtbot: QtBot) -> None:
    model.show_pages(3, lambda first: None)
    with (
        qtbot.waitSignal(model.sort_wanted) as wanted,
        qtbot.waitSignal(model.sort_changed) as shown,
    ):
        model.sort(Column.DURATION, DOWN)
    assert wanted.args == ["duration", True]
    assert shown.args == [Column.DURATION, True]
    with qtbot.waitSignal(model.sort_wanted) as back:
        model.sort(-1, DOWN)
    assert back.args == ["name", False]


def test_outlines_are_asked_for_visible_sounds_that_are_there(
    model: ResultsModel, qtbot: QtBot
) -> None:
    model.show_rows([FOUND[0], FOUND[1], sound("away.wav", offline=True), FOUND[2]])
    with qtbot.waitSignal(model.peaks_wanted) as wanted:
        model.look_at(1, 3)
    assert wanted.args == [[FOUND[1].path, FOUND[2].path]]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put_peaks(FOUND[1].path, Peaks(-np.ones(9, "f4"), np.ones(9, "f4"), 2.0))
    assert changed.args[0] == model.index(1, Column.WAVEFORM)
    assert model.index(1, Column.WAVEFORM).data(Role.PEAKS).duration_s == 2.0
    model.put_peaks(FOUND[2].path, None)
    with qtbot.assertNotEmitted(model.peaks_wanted):
        model.look_at(1, 3)


def test_pages_that_come_ask_for_their_outlines(model: ResultsModel, qtbot: QtBot) -> None:
    model.show_pages(200, lambda first: None)
    model.look_at(3, 4)
    with qtbot.waitSignal(model.peaks_wanted) as wanted:
        model.put_page(0, page(0))
    assert wanted.args == [[Path("/sounds/0000003.wav"), Path("/sounds/0000004.wav")]]


@pytest.mark.parametrize("browsing", [False, True])
def test_stars_are_given_and_taken(model: ResultsModel, browsing: bool, qtbot: QtBot) -> None:
    if browsing:
        model.show_pages(3, lambda first: None)
        model.put_page(0, FOUND)
    else:
        model.show_rows(FOUND)
    for favourite in (True, False):
        with qtbot.waitSignal(model.dataChanged) as changed:
            model.set_favourite([FOUND[1].path], favourite)
        assert changed.args[0].row() == 1
        rows = [row_at(model, i) for i in range(3)]
        assert [row.favourite for row in rows if row] == [False, favourite, False]


def test_a_line_is_read_aloud_in_one_sentence(model: ResultsModel) -> None:
    spoken = sound("dog bark.wav", folder="Field", score=0.934, duration_s=4.2, offline=True)
    model.show_rows([spoken])
    assert (
        model.index(0, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole)
        == "dog bark.wav, offline, match 0.93, 4.2 s, wav, in Field"
    )


def test_the_tip_of_the_match_names_each_phrase_and_the_weakest(model: ResultsModel) -> None:
    phrases = (phrase("dog <b>", 0.94, (3.2, 5.1)), phrase("rain", 0.2, found=False))
    model.show_rows([sound("a.wav", score=0.4, phrases=phrases)])
    tip = model.index(0, Column.MATCH).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == (
        "<qt>match 0.400<br/>dog &lt;b&gt; 0.94 · 3.2–5.1 s<br/>"
        "rain 0.20 · not heard<br/>weakest: rain</qt>"
    )


def test_hostile_names_are_shown_and_told_as_text(model: ResultsModel) -> None:
    model.show_rows([sound("<b>a\nb.wav")])
    cell = model.index(0, Column.NAME)
    assert cell.data() == "<b>a\\nb.wav"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "<qt>&lt;b&gt;a\\nb.wav</qt>"


def test_only_copies_are_dragged_and_nothing_that_is_offline(model: ResultsModel) -> None:
    model.show_rows([FOUND[0], sound("away.wav", offline=True)])
    assert model.supportedDragActions() == Qt.DropAction.CopyAction
    draggable = Qt.ItemFlag.ItemIsDragEnabled
    assert [bool(model.index(i, 0).flags() & draggable) for i in (0, 1)] == [True, False]
    mime = model.mimeData([model.index(i, column) for i in (0, 1) for column in (0, 1)])
    assert [url.toLocalFile() for url in mime.urls()] == ["/sounds/dog.wav"]


def test_it_survives_any_order_of_use(model: ResultsModel) -> None:
    steps: list[Callable[[], Any]] = [
        lambda: model.show_rows(FOUND),
        lambda: model.toggle_moments(1),
        lambda: model.sort(Column.NAME, UP),
        lambda: model.show_pages(450, lambda first: model.put_page(first, page(first))),
        lambda: model.look_at(0, 449),
        lambda: model.sort(Column.NAME, UP),
        lambda: model.show_rows(()),
        lambda: model.look_at(0, 10),
    ]
    selection = QItemSelectionModel(model)
    for step in [*steps, *reversed(steps)]:
        step()
        selection.setCurrentIndex(
            model.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        assert model.rowCount() in (0, 3, 5, 450)


def test_guesses_begin_below_the_last_sound_that_matches(model: ResultsModel) -> None:
    rain, no_rain = phrase("rain", 0.9, (1.0, 2.0)), phrase("rain", 0.2)
    unwanted = phrase("music", 0.1, relation=Relation.WITHOUT)

    def places(*rows: SoundRow) -> list[int]:
        model.show_rows(rows)
        roles = (model.index(place, Column.NAME).data(Role.BEGINS_GUESSES) for place in range(4))
        return [place for place, begins in enumerate(roles) if begins]

    heard = sound("heard.wav", score=0.9, phrases=(rain, unwanted))
    unheard = sound("unheard.wav", score=0.3, phrases=(no_rain, unwanted))
    named = sound("rain.wav", score=0.3, phrases=(no_rain,), matched_words=("rain",))
    like_another = sound("like.wav", score=0.3)
    assert places(heard, unheard, named, unheard) == [3]
    assert places(heard, named) == []
    assert places(unheard, unheard) == []
    assert places(like_another, like_another) == []
    assert places(heard, unheard, unheard, unheard) == [1]
    model.sort(Column.NAME, UP)
    assert not any(model.index(place, 0).data(Role.BEGINS_GUESSES) for place in range(4))
