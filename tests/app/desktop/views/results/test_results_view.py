from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.models.columns import COLUMNS, Column
from app.desktop.models.dragging import HIT_MIME
from app.desktop.models.pages import PAGE_ROWS
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.theme import is_dark, lane_colour
from app.desktop.views.results.results import ResultsView
from tests.app.desktop.sounds import moment, phrase, row_at, sound

FOUND = (
    sound("dog.wav", score=0.9, metadata=(("Description", "a <b>dog</b>\nbarks"),)),
    sound("cat.wav", score=0.6, moments=(moment(5, 6, 0.4), moment(8, 9, 0.3))),
    sound("ant.wav", score=0.3, favourite=True, offline=True),
)
NO_KEY = Qt.KeyboardModifier.NoModifier
NAMES = ("a#1.wav", "100%25.wav", "two  words.wav", "Regen über Köln.wav")


@pytest.fixture
def model(qapp: object) -> ResultsModel:
    return ResultsModel()


@pytest.fixture
def view(model: ResultsModel, qtbot: QtBot) -> Iterator[ResultsView]:
    made = ResultsView()
    qtbot.addWidget(made)
    made.set_model(model)
    made.resize(1200, 400)
    made.show()
    model.show_rows(FOUND)
    qtbot.waitExposed(made)
    yield made
    made.close()


def cell(view: ResultsView, place: int, column: int) -> QPoint:
    rect = view.table.visualRect(view.table.results.index(place, column))
    return rect.center()


def click(view: ResultsView, at: QPoint, key: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, key, at)


def choose(menu: QMenu | None, text: str) -> None:
    assert menu is not None
    [action] = [one for one in menu.actions() if one.text() == text]
    action.trigger()


def page(first: int, count: int = PAGE_ROWS) -> list[SoundRow]:
    return [sound(f"{place:07}.wav") for place in range(first, first + count)]


def test_a_click_selects_a_sound_and_keys_go_on_from_it(view: ResultsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.row_selected) as selected:
        click(view, cell(view, 0, Column.NAME))
    assert selected.args == [FOUND[0]]
    with qtbot.waitSignal(view.row_selected) as selected:
        QTest.keyClick(view.table, Qt.Key.Key_Down)
    assert selected.args == [FOUND[1]]
    assert view.selected_rows() == [FOUND[1]]


def test_all_columns_of_a_search_have_room_in_a_first_window(view: ResultsView) -> None:
    view.resize(69 * view.fontMetrics().height(), 400)  # what `MainWindow` gives them
    assert view.table.horizontalScrollBar().maximum() == 0


def test_names_get_the_room_that_the_other_columns_leave(view: ResultsView) -> None:
    columns = view.table.columns
    before, saved = columns.sectionSize(Column.NAME), view.save_layout()
    folder = columns.sectionSize(Column.FOLDER)
    view.resize(view.width() + 300, 400)
    QApplication.processEvents()
    assert columns.sectionSize(Column.NAME) == before + 300
    assert columns.sectionSize(Column.FOLDER) == folder
    columns.show_column(Column.FORMAT, False)
    assert columns.length() == columns.viewport().width()
    columns.show_column(Column.FORMAT, True)
    assert view.save_layout() == saved
    view.resize(300, 400)
    QApplication.processEvents()
    own = COLUMNS[Column.NAME].characters * view.fontMetrics().horizontalAdvance("0")
    assert columns.sectionSize(Column.NAME) == own


def test_a_folder_is_shown_from_its_root_on_and_told_in_full(
    view: ResultsView, model: ResultsModel
) -> None:
    model.show_rows([sound("a.wav", folder="/my/Sounds/Rain", place="Sounds/Rain")])
    cell = model.index(0, Column.FOLDER)
    assert cell.data() == "Sounds/Rain"
    assert "/my/Sounds/Rain" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_the_name_is_bold_where_words_match(view: ResultsView, model: ResultsModel) -> None:
    def ink(words: tuple[str, ...]) -> int:
        model.show_rows([sound("Regen.wav", score=0.1, matched_words=words)])
        name = view.table.visualRect(model.index(0, Column.NAME))
        image = view.table.viewport().grab(name).toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(255 - image.pixelColor(x, y).lightness() for x, y in places)

    assert ink(("regen",)) > 1.1 * ink(())


def test_copies_are_counted_at_the_end_of_the_name(view: ResultsView, model: ResultsModel) -> None:
    def inked_at_the_end(copies: tuple[Path, ...]) -> bool:
        model.show_rows([sound("l.wav", score=0.9, copies=copies)])
        name = view.table.visualRect(model.index(0, Column.NAME))
        name.setLeft(name.center().x())
        name.setHeight(name.height() - 1)  # without the hairline
        image = view.table.viewport().grab(name).toImage()
        ground = image.pixelColor(0, 0)
        return any(
            image.pixelColor(x, y) != ground
            for x in range(image.width())
            for y in range(image.height())
        )

    assert inked_at_the_end((Path("/elsewhere/l.wav"),))
    assert not inked_at_the_end(())


def test_guesses_are_named_in_quiet_ink_below_a_line(
    view: ResultsView, model: ResultsModel
) -> None:
    heard, unheard = phrase("rain", 0.9, (1.0, 2.0)), phrase("rain", 0.2)
    model.show_rows([sound("l.wav", score=0.9, phrases=(one,)) for one in (heard, unheard)])

    def darkest(place: int) -> tuple[int, int]:
        """Of the row's first line of pixels, and of the others."""
        name = view.table.visualRect(model.index(place, Column.NAME))
        image = view.table.viewport().grab(name).toImage()
        rows = [
            min(image.pixelColor(x, y).lightness() for x in range(image.width()))
            for y in range(image.height() - 1)
        ]
        return rows[0], min(rows[1:])

    (no_line, full), (line, quiet) = darkest(0), darkest(1)
    assert line < no_line - 50
    assert full < quiet - 30


def test_several_sounds_are_selected_and_then_none(view: ResultsView, qtbot: QtBot) -> None:
    click(view, cell(view, 0, Column.NAME))
    click(view, cell(view, 2, Column.NAME), Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_rows() == list(FOUND)
    with qtbot.waitSignal(view.row_selected) as selected:
        view.clear_selection()
    assert selected.args == [None]
    assert view.selected_rows() == []


def test_enter_and_a_double_click_play(view: ResultsView, qtbot: QtBot) -> None:
    view.select_row(1)
    with qtbot.waitSignal(view.row_activated) as played:
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert played.args == [FOUND[1]]
    at = cell(view, 0, Column.NAME)
    click(view, at)
    with qtbot.waitSignal(view.row_activated) as played:
        QTest.mouseDClick(view.table.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at)
    assert played.args == [FOUND[0]]


def test_the_keys_come_to_the_first_sound(view: ResultsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.row_selected) as selected:
        view.setFocus()
    assert selected.args == [FOUND[0]]
    view.select_row(2)
    view.setFocus()
    assert view.selected_rows() == [FOUND[2]]


def test_a_star_is_clicked_without_selecting(view: ResultsView, qtbot: QtBot) -> None:
    with (
        qtbot.waitSignal(view.star_toggled) as toggled,
        qtbot.assertNotEmitted(view.row_selected),
    ):
        click(view, cell(view, 1, Column.FAVOURITE))
    assert toggled.args == [FOUND[1]]


def test_an_arrow_opens_moments_that_are_gone_to(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    name = view.table.visualRect(model.index(1, Column.NAME))
    with qtbot.assertNotEmitted(view.row_selected):
        click(view, QPoint(name.left() + 3, name.center().y()))
    assert model.rowCount() == 5
    with qtbot.waitSignal(view.moment_selected) as gone:
        click(view, cell(view, 3, Column.NAME))
    assert gone.args == [FOUND[1], 1]
    with qtbot.waitSignal(view.moment_selected) as again:
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert again.args == [FOUND[1], 1]
    assert view.selected_rows() == [FOUND[1]]


def test_a_new_answer_is_shown_from_its_top_and_the_person_stays_with_their_sound(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    many = [sound(f"{i}.wav", score=0.5) for i in range(100)]
    model.show_rows(many)
    view.select_row(90)
    newer = sound("90.wav", score=0.7, start_s=2.0, end_s=4.0)
    with qtbot.waitSignal(view.row_updated) as updated, qtbot.assertNotEmitted(view.row_selected):
        model.show_rows([*many[:60], newer])
    assert updated.args == [newer]
    assert view.selected_rows() == [newer]
    assert view.table.currentIndex().row() == 60
    assert view.table.verticalScrollBar().value() == 0


def test_a_sound_that_a_new_answer_lacks_is_selected_again_when_it_comes_back(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    view.select_row(1)
    with qtbot.assertNotEmitted(view.row_selected):
        model.show_rows(FOUND[2:])
        assert view.selected_rows() == []
        assert view.current_row == FOUND[1]
        model.show_rows(FOUND, again=True)
    assert view.selected_rows() == [FOUND[1]]


def test_a_sound_is_selected_again_when_its_page_comes(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    view.select_row(1)
    with qtbot.assertNotEmitted(view.row_selected):
        model.show_pages(3, lambda first: None)
        assert view.selected_rows() == []
        model.put_page(0, FOUND)
    assert view.selected_rows() == [FOUND[1]]


def test_a_moment_of_the_answer_before_gives_its_sound_without_going_there_anew(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    model.toggle_moments(1)
    view.select_row(3)
    with qtbot.assertNotEmitted(view.row_selected), qtbot.assertNotEmitted(view.moment_selected):
        model.show_rows(FOUND)
    assert view.table.currentIndex().row() == 1


def test_clearing_leaves_a_sound_that_is_in_no_list_too(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    view.select_row(0)
    model.show_rows(FOUND[1:])
    with qtbot.waitSignal(view.row_selected) as selected:
        view.clear_selection()
    assert selected.args == [None]
    assert view.current_row is None


def test_the_same_search_asked_again_leaves_the_person_where_they_are(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    many = [sound(f"{i}.wav", score=0.5) for i in range(100)]
    model.show_rows(many)
    bar = view.table.verticalScrollBar()
    view.select_row(50)
    bar.setValue(bar.value() + 3)
    before = bar.value()
    with qtbot.assertNotEmitted(view.row_selected):
        model.show_rows([*many, sound("late.wav", score=0.1)], again=True)
    assert bar.value() == before
    assert view.selected_rows() == [many[50]]


def test_all_that_is_selected_stays_so_when_the_same_search_is_asked_again(
    view: ResultsView, model: ResultsModel
) -> None:
    many = [sound(f"{i}.wav", score=0.5) for i in range(100)]
    model.show_rows(many)
    view.select_row(20)
    view.table.selectAll()
    model.show_rows([sound("new.wav", score=0.9), *many], again=True)
    assert view.selected_rows() == many
    model.show_rows([*many[:20], *many[21:]], again=True)  # without the current one
    assert view.selected_rows() == [*many[:20], *many[21:]]


def test_selected_places_of_a_library_stay_selected_though_their_sounds_are_elsewhere(
    view: ResultsView, model: ResultsModel
) -> None:
    model.show_pages(1000, lambda first: None)
    view.table.selectAll()
    assert (view.selected_rows(), view.selected_count()) == ([], 1000)
    model.show_pages(990, lambda first: None, again=True)
    assert view.selected_spans() == [(0, 989)]
    model.show_pages(1000, lambda first: None, again=True)
    assert view.selected_spans() == [(0, 989)]


def test_what_was_cleared_is_not_selected_again_by_a_page_that_comes(
    view: ResultsView, model: ResultsModel
) -> None:
    view.table.selectAll()
    model.show_pages(3, lambda first: None)
    view.clear_selection()
    model.put_page(0, FOUND)
    assert view.selected_rows() == []


def test_a_moment_is_not_left_when_the_same_search_is_asked_again(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    model.toggle_moments(1)
    view.select_row(3)
    with qtbot.assertNotEmitted(view.row_selected), qtbot.assertNotEmitted(view.moment_selected):
        model.show_rows([sound("new.wav", score=0.95), *FOUND], again=True)
    assert view.table.currentIndex().row() == 4
    assert view.selected_rows() == [FOUND[1]]


def test_a_million_sounds_are_asked_for_by_the_pages_in_sight(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    asked: list[int] = []
    model.show_pages(1_000_000, asked.append)
    bar = view.table.verticalScrollBar()
    qtbot.waitUntil(lambda: asked == [0])
    for share in range(1, 9):  # drawn swiftly over the whole library
        bar.setValue(bar.maximum() * share // 16)
    qtbot.waitUntil(lambda: len(asked) > 1)
    first = view.table.rowAt(0)
    assert first > 400_000
    assert set(asked[1:]) <= {first - first % PAGE_ROWS, first - first % PAGE_ROWS + PAGE_ROWS}
    assert len(asked) <= 3


def test_nothing_goes_through_a_million_rows(
    view: ResultsView, model: ResultsModel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def counted_data(self: ResultsModel, index: QModelIndex, role: int = 0) -> Any:
        nonlocal calls
        calls += 1
        return data(self, index, role)

    data = ResultsModel.data
    monkeypatch.setattr(ResultsModel, "data", counted_data)
    model.show_pages(1_000_000, lambda first: model.put_page(first, page(first)))
    qtbot.waitUntil(lambda: row_at(model, 0) is not None)
    view.setFocus()
    view.table.selectAll()
    QTest.keyClicks(view.table, "zzz")
    QTest.keyClick(view.table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: row_at(model, 999_999) is not None)
    view.grab()
    view.table.selectAll()
    assert 0 < len(view.selected_rows()) < 10 * PAGE_ROWS
    assert view.selected_count() == 1_000_000
    model.show_pages(1_000_000, lambda first: None, again=True)
    assert view.selected_count() == 1_000_000
    assert calls < 20_000


def test_a_sound_gone_to_before_its_page_came_is_told_when_it_comes(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    model.show_pages(1000, lambda first: None)
    with qtbot.assertNotEmitted(view.row_selected):
        view.select_row(500)
    with qtbot.waitSignal(view.row_selected) as selected:
        model.put_page(400, page(400))
    assert selected.args[0].name == "0000500.wav"


def test_columns_that_only_a_search_fills_are_left_out_when_browsing(
    view: ResultsView, model: ResultsModel
) -> None:
    header = view.table.columns
    assert not header.isSectionHidden(Column.MATCH)
    model.show_pages(3, lambda first: None)
    assert header.isSectionHidden(Column.MATCH)
    assert header.isSectionHidden(Column.RANK)
    model.show_rows(FOUND)
    assert not header.isSectionHidden(Column.MATCH)


def test_a_click_on_a_title_sorts_and_a_third_gives_the_rank_back(
    view: ResultsView, model: ResultsModel, qtbot: QtBot
) -> None:
    header = view.table.columns

    def click_name() -> list[str]:
        left = header.sectionViewportPosition(Column.NAME)
        at = QPoint(left + 30, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at)
        return [row.name for row in (row_at(model, i) for i in range(3)) if row]

    ranked = [row.name for row in FOUND]
    assert click_name() == ["ant.wav", "cat.wav", "dog.wav"]
    assert click_name() == ["dog.wav", "cat.wav", "ant.wav"]
    model.sort(Column.FAVOURITE, Qt.SortOrder.DescendingOrder)
    assert header.sortIndicatorSection() == Column.FAVOURITE
    assert click_name()[0] == "ant.wav"
    click_name()
    assert click_name() == ranked
    assert header.sortIndicatorSection() == -1


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QDrag, tuple[Any, ...]]]:
    started: list[tuple[QDrag, tuple[Any, ...]]] = []

    def record(drag: QDrag, *actions: Any) -> Qt.DropAction:
        started.append((drag, actions))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", record)
    return started


def test_selected_files_are_dragged_out_as_copies(
    view: ResultsView, model: ResultsModel, drags: list[Any], qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [sound(name, folder=str(tmp_path), score=0.5) for name in NAMES]
    model.show_rows([*rows, FOUND[2]])
    view.table.selectAll()
    view.table.startDrag(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
    [(drag, actions)] = drags
    assert actions == (Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)
    urls = drag.mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(tmp_path / name) for name in NAMES]
    hits = json.loads(bytes(drag.mimeData().data(HIT_MIME).data()))["hits"]
    assert len(hits) == len(NAMES)
    assert not drag.pixmap().isNull()


def test_a_drag_begins_with_the_mouse(view: ResultsView, drags: list[Any], qtbot: QtBot) -> None:
    at = cell(view, 1, Column.NAME)
    viewport = view.table.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO_KEY, at)
    for step in (5, 40, 60):
        QTest.mouseMove(viewport, at + QPoint(step, 0))
    qtbot.waitUntil(lambda: bool(drags), timeout=2000)
    assert [url.fileName() for url in drags[0][0].mimeData().urls()] == ["cat.wav"]
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO_KEY, at)


def test_a_star_is_no_handle_to_drag_by(view: ResultsView, drags: list[Any]) -> None:
    click(view, cell(view, 0, Column.NAME))
    viewport, at = view.table.viewport(), cell(view, 1, Column.FAVOURITE)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO_KEY, at)
    for step in (5, 40, 60):
        QTest.mouseMove(viewport, at + QPoint(step, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO_KEY, at + QPoint(60, 0))
    assert drags == []
    assert view.selected_rows() == [FOUND[0]]


def test_what_is_offline_is_not_dragged(view: ResultsView, drags: list[Any]) -> None:
    view.select_row(2)
    view.table.startDrag(Qt.DropAction.CopyAction)
    assert drags == []


def test_the_menu_says_what_is_wanted(view: ResultsView, qtbot: QtBot) -> None:
    view.select_row(0)
    path = FOUND[0].path
    wanted = {
        "Play": (view.row_activated, [FOUND[0]]),
        "Favourite": (view.favourite_toggled, []),
        "More like this": (view.more_like_requested, [FOUND[0]]),
        "Show in file manager": (view.reveal_requested, [path]),
        "Open with its program": (view.open_requested, [path]),
        "Copy path": (view.copy_path_requested, []),
    }
    for text, (signal, args) in wanted.items():
        with qtbot.waitSignal(signal) as sent:
            choose(view.menu(), text)
        assert sent.args == args


def test_the_menu_is_for_all_that_are_selected(view: ResultsView, qtbot: QtBot) -> None:
    view.table.selectAll()
    view.table.selectionModel().setCurrentIndex(
        view.table.results.index(1, 0), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    with qtbot.waitSignal(view.copy_path_requested):
        choose(view.menu(), "Copy 3 paths")
    choose(view.menu(), "Show 2 further moments")
    assert view.table.results.rowCount() == 5


def test_nothing_is_played_or_revealed_that_is_offline(view: ResultsView) -> None:
    view.select_row(2)
    menu = view.menu()
    assert menu is not None
    off = {one.text() for one in menu.actions() if not one.isEnabled() and one.text()}
    assert off == {"Play", "Show in file manager", "Open with its program"}


def test_sounds_go_into_collections(view: ResultsView, qtbot: QtBot) -> None:
    view.show_collections(["Doors & gates", "<i>x</i>"])
    view.select_row(1)
    menu = view.menu()
    assert menu is not None
    [submenu] = [one.menu() for one in menu.actions() if one.menu() is not None]
    assert isinstance(submenu, QMenu)
    with qtbot.waitSignal(view.collect_requested) as collected:
        choose(submenu, "Doors && gates")
    assert collected.args == ["Doors & gates"]
    choose(submenu, "New collection…")
    [dialog] = view.findChildren(QInputDialog)
    dialog.setTextValue("  Cats ")
    with qtbot.waitSignal(view.collect_requested) as collected:
        dialog.accept()
    assert collected.args == ["Cats"]


def test_a_right_click_opens_the_menu(view: ResultsView, qtbot: QtBot) -> None:
    assert view.menu() is None
    view.select_row(0)
    view.table.menu_wanted.emit(QPoint(0, 0))
    [menu] = [one for one in view.findChildren(QMenu) if one.title() == "Sound"]
    assert menu.isVisible()
    menu.close()


def test_texts_from_files_stay_plain(view: ResultsView, model: ResultsModel) -> None:
    hostile = "<img src=x>\x1b[31m\nname.wav"
    model.show_rows([sound(hostile, score=0.5, metadata=(("<u>F", "<b>v\x07</b>"),))])
    view.details_action.setChecked(True)
    view.select_row(0)
    shown = view.details.toPlainText()
    assert "<img src=x>\\x1b[31m\\nname.wav" in shown
    assert "<u>F" in shown
    assert "<b>v\\x07</b>" in shown
    view.show_banner("“<b>x</b>” is not here")
    view.show_placeholder("<b>nothing</b>")
    assert view.banner.text == "“<b>x</b>” is not here"
    labels = view.banner.findChildren(QLabel)
    labels += view.placeholder.findChildren(QLabel)
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in labels)


def test_the_note_and_the_text_for_nothing_come_and_go(view: ResultsView) -> None:
    shown: list[QWidget] = [view.banner, view.placeholder, view.table]
    assert [one.isVisible() for one in shown] == [False, False, True]
    view.show_banner("Nothing matches well.")
    view.show_placeholder("Add a folder.")
    assert [one.isVisible() for one in shown] == [True, True, False]
    view.show_banner("")
    view.show_placeholder("")
    assert [one.isVisible() for one in shown] == [False, False, True]


def test_the_text_for_nothing_offers_what_helps(view: ResultsView, qtbot: QtBot) -> None:
    view.show_placeholder("No sound matches the filters.", ["Look elsewhere", "Reset the filters"])
    view.show_placeholder("No sound matches the filters.", ["Reset the filters"])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (button,) = view.placeholder.findChildren(QPushButton)
    qtbot.waitUntil(button.isVisible)
    with qtbot.waitSignal(view.remedy_chosen) as chosen:
        button.click()
    assert chosen.args == ["Reset the filters"]


def test_details_follow_the_sound_and_its_star(view: ResultsView, model: ResultsModel) -> None:
    view.details_action.setChecked(True)
    assert view.details.isVisible()
    view.select_row(0)
    assert view.details.row is FOUND[0]
    model.set_favourite([FOUND[0].path], True)
    assert view.details.row is row_at(model, 0)
    view.clear_selection()
    assert view.details.row is None


def test_the_layout_is_given_back(view: ResultsView, model: ResultsModel, qtbot: QtBot) -> None:
    header = view.table.columns
    header.moveSection(header.visualIndex(Column.FOLDER), 0)
    header.resizeSection(Column.NAME, 333)
    header.show_column(Column.RANK, False)
    header.show_column(len(COLUMNS) - 1, True)
    view.details_action.setChecked(True)
    model.show_pages(3, lambda first: None)  # columns hidden just now are not hidden for ever
    layout = view.save_layout()

    other = ResultsView()
    qtbot.addWidget(other)
    other.set_model(ResultsModel())
    other.restore_layout(layout)
    columns = other.table.columns
    assert columns.logicalIndex(0) == Column.FOLDER
    assert columns.sectionSize(Column.NAME) == pytest.approx(333, abs=2)
    assert columns.isSectionHidden(Column.RANK)
    assert not columns.isSectionHidden(Column.MATCH)
    assert not columns.isSectionHidden(len(COLUMNS) - 1)
    assert other.details_action.isChecked()
    assert json.loads(other.save_layout())["columns"] == json.loads(layout)["columns"]


def test_a_column_that_fills_the_window_does_not_stay_that_wide(view: ResultsView) -> None:
    view.resize(4000, 400)
    QApplication.processEvents()
    wide = view.table.columns.sectionSize(Column.NAME)
    view.restore_layout(view.save_layout())
    view.resize(400, 400)
    QApplication.processEvents()
    assert view.table.columns.sectionSize(Column.NAME) < wide / 2


@pytest.mark.parametrize(
    "layout",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b'{"version": 9}',
        b'{"version": 1, "columns": [3, {"key": "gone"}, {"key": "name", "width": "x"}]}',
        b'{"version": 1, "columns": [{"key": "name", "shown": false, "width": -4}], "split": "?"}',
    ],
)
def test_a_damaged_layout_changes_nothing_that_matters(view: ResultsView, layout: bytes) -> None:
    view.restore_layout(layout)
    assert not view.table.columns.isSectionHidden(Column.NAME)
    assert view.table.columns.sectionSize(Column.NAME) > 50


def test_columns_are_chosen_in_the_menu_of_the_header(view: ResultsView) -> None:
    header = view.table.columns
    choose(header.menu(), "Length")
    assert header.isSectionHidden(Column.DURATION)
    choose(header.menu(), "Reset columns")
    assert not header.isSectionHidden(Column.DURATION)
    choose(header.menu(), "Details")
    assert view.details.isVisible()


def test_rows_are_as_high_as_the_font_asks_for(view: ResultsView) -> None:
    before = view.table.rowHeight(0)
    font = view.table.font()
    font.setPointSizeF(2 * font.pointSizeF())
    view.table.setFont(font)
    assert view.table.rowHeight(0) == round(1.9 * view.table.fontMetrics().height())
    assert view.table.rowHeight(0) > 1.5 * before


def test_phrases_are_drawn_in_their_lanes(view: ResultsView, model: ResultsModel) -> None:
    heard = phrase("dog", 1.0, (2.0, 4.0))
    model.show_rows([sound("dog.wav", score=1.0, start_s=2.0, end_s=4.0, phrases=(heard,))])
    cell_rect = view.table.visualRect(model.index(0, Column.WAVEFORM))
    image = view.table.viewport().grab(cell_rect).toImage()
    lane = lane_colour(0, dark=is_dark(view.palette())).name()
    columns = {
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).name() == lane
    }
    assert 0.15 < min(columns) / image.width() < 0.25
    assert 0.35 < max(columns) / image.width() < 0.45
