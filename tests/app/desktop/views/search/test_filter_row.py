"""Filters as chips: added, edited and removed, always a text that the library understands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.views.search.filter_editors import (
    ChoiceEditor,
    DayEditor,
    RangeEditor,
    TextEditor,
    WrittenEditor,
)
from app.desktop.views.search.filter_kinds import KINDS, AnyEditor
from app.desktop.views.search.filter_row import FilterRow
from app.desktop.views.search.pills import Pill
from app.desktop.views.search.popover import Popover
from tokenalign.library.filtering.filters import parse_filter

E = TypeVar("E", bound=AnyEditor)
KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def row(qtbot: QtBot, window: QWidget) -> FilterRow:
    """The chips below the button that adds some, in a window."""
    button = Pill()
    row = FilterRow(add_button=button)
    layout = QVBoxLayout(window)
    layout.addWidget(button)
    layout.addWidget(row)
    window.resize(700, 120)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    row.show_collections(["Öfter & used", "it's 8\" <b>"])
    return row


def texts(row: FilterRow) -> list[str]:
    return [chip.text() for chip in row.chips]


def told(spy: QSignalSpy) -> list[object]:
    return [spy.at(place)[0] for place in range(spy.count())]


def popover(row: FilterRow) -> Popover:
    """The editor that is open."""
    shown = [each for each in row.window().findChildren(Popover) if each.isVisible()]
    assert len(shown) == 1
    return shown[0]


def fill(row: FilterRow, kind: type[E], how: Callable[[E], object]) -> None:
    """Fill the open editor in and apply."""
    opened = popover(row)
    (editor,) = opened.findChildren(kind)
    how(editor)
    QTest.mouseClick(opened.apply_button, LEFT)
    QApplication.processEvents()


def choose(row: FilterRow, title: str) -> None:
    """Choose a kind in the menu."""
    next(a for a in row.menu.actions() if a.text().rstrip("…") == title).trigger()


def since(editor: DayEditor) -> None:
    editor.day.setDate(QDate(2024, 5, 1))


@pytest.mark.parametrize(
    ("title", "kind", "how", "where", "words"),
    [
        ("Folder", TextEditor, lambda e: e.setText("old takes"), 'folder~"old takes"', None),
        ("Duration", RangeEditor, lambda e: e.longest.setValue(10), "duration<=10", None),
        ("Format", ChoiceEditor, lambda e: e.setCurrentText("flac"), "format=flac", None),
        ("Channels", ChoiceEditor, lambda e: e.setCurrentText("stereo"), "channels=2", "stereo"),
        ("Sampling rate", ChoiceEditor, lambda e: e.setCurrentIndex(1), "rate>=48000", None),
        ("Collection", ChoiceEditor, lambda e: None, 'collection="Öfter & used"', None),
        ("Modified", DayEditor, since, "modified>=2024-05-01", None),
        ("Word in tags", TextEditor, lambda e: e.setText("creak"), "tags~creak", None),
        ("Write a filter", WrittenEditor, lambda e: e.setText("name~a or name~b"), None, None),
    ],
)
def test_every_kind_of_filter_can_be_added_and_is_understood(
    row: FilterRow,
    title: str,
    kind: type[AnyEditor],
    how: Callable[[AnyEditor], object],
    where: str | None,
    words: str | None,
) -> None:
    changed = QSignalSpy(row.where_changed)
    choose(row, title)
    fill(row, kind, how)
    wanted = where or "name~a or name~b"
    assert told(changed) == [wanted]
    assert row.where == wanted
    parse_filter(row.where)
    assert len(row.chips) == 1
    if words:
        assert texts(row) == [words]


def test_all_kinds_are_in_the_menu(row: FilterRow) -> None:
    assert [action.text().rstrip("…") for action in row.menu.actions()] == [
        kind.title for kind in KINDS
    ]


def test_favourite_needs_no_editor_and_comes_once(row: FilterRow) -> None:
    changed = QSignalSpy(row.where_changed)
    choose(row, "Favourite")
    choose(row, "Favourite")
    assert told(changed) == ["favourite=yes"]
    parse_filter(row.where)


def test_filters_stand_side_by_side(row: FilterRow) -> None:
    row.show_where("format=wav")
    choose(row, "Folder")
    fill(row, TextEditor, lambda e: e.setText("a"))
    choose(row, "Folder")
    fill(row, TextEditor, lambda e: e.setText("b"))
    assert row.where == "format=wav and folder~a and folder~b"
    assert texts(row) == ["format wav", "folder ~ a", "folder ~ b"]


def test_both_ends_of_a_duration_are_edited_together_and_stay_in_place(row: FilterRow) -> None:
    row.show_where("duration>=2.5 and format=wav and duration<=10")
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))

    def shorter(editor: RangeEditor) -> None:
        assert (editor.shortest.value(), editor.longest.value()) == (2.5, 10.0)
        editor.longest.setValue(4)

    fill(row, RangeEditor, shorter)
    assert row.where == "duration>=2.5 and duration<=4 and format=wav"


def test_a_once_chosen_kind_is_replaced(row: FilterRow) -> None:
    row.show_where("format=wav and favourite")
    choose(row, "Format")
    fill(row, ChoiceEditor, lambda e: e.setCurrentText("mp3"))
    assert row.where == "format=mp3 and favourite=yes"


def test_an_emptied_editor_removes_its_filter(row: FilterRow) -> None:
    row.show_where("folder~a and format=wav")
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    fill(row, TextEditor, lambda e: e.clear())
    assert row.where == "format=wav"


def test_escape_leaves_all_as_it_was(row: FilterRow) -> None:
    row.show_where("folder~a")
    changed = QSignalSpy(row.where_changed)
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    opened = popover(row)
    opened.findChildren(TextEditor)[0].setText("b")
    QTest.keyClick(opened, KEY.Key_Escape)
    assert not opened.isVisible()
    assert row.where == "folder~a"
    assert changed.count() == 0


@pytest.mark.parametrize("title", ["Folder", "Duration", "Format", "Modified", "Write a filter"])
def test_enter_in_an_editor_applies(row: FilterRow, title: str) -> None:
    row.show_where("folder~a")
    choose(row, title)
    opened = popover(row)
    for line in (*opened.findChildren(TextEditor), *opened.findChildren(WrittenEditor)):
        line.setText("name~x")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert opened.isAncestorOf(focused)
    QTest.keyClick(focused, KEY.Key_Return)
    assert not opened.isVisible()
    parse_filter(row.where)


def test_a_click_on_the_cross_removes_and_nothing_opens(row: FilterRow) -> None:
    row.show_where("format=wav and favourite")
    changed = QSignalSpy(row.where_changed)
    chip = row.chips[0]
    QTest.mouseClick(chip, LEFT, pos=chip.cross_rect().center())
    assert told(changed) == ["favourite=yes"]
    assert texts(row) == ["favourite"]
    assert row.window().findChildren(Popover) == []


def test_del_removes_and_the_focus_stays_among_the_filters(row: FilterRow) -> None:
    row.show_where("format=wav and channels=2 and favourite")
    seen = []
    row.chips[1].setFocus()
    while row.chips:
        focused = QApplication.focusWidget()
        assert focused in row.chips
        QTest.keyClick(focused, KEY.Key_Delete)
        seen.append(row.where)
    assert seen == ["format=wav and favourite=yes", "format=wav", ""]
    focused = QApplication.focusWidget()
    assert isinstance(focused, Pill)
    assert not row.isVisible()


def test_all_can_be_removed_at_once(row: FilterRow) -> None:
    row.show_where("format=wav and favourite")
    changed = QSignalSpy(row.where_changed)
    QTest.mouseClick(row.reset_button, LEFT)
    assert told(changed) == [""]
    assert not row.isVisible()


def test_the_same_filter_twice_is_removed_once(row: FilterRow) -> None:
    row.show_where("name~a and name~a")
    QTest.keyClick(row.chips[1], KEY.Key_Delete)
    assert row.where == "name~a"


def test_a_filter_that_is_shown_tells_nothing(row: FilterRow) -> None:
    changed = QSignalSpy(row.where_changed)
    row.show_where("format=wav")
    row.show_where("")
    assert changed.count() == 0
    assert not row.isVisible()


def test_what_is_more_than_a_list_stays_as_written_and_can_be_edited(row: FilterRow) -> None:
    written = "(format=wav or channels=2) and not favourite"
    row.show_where(written)
    assert row.where == written
    assert texts(row) == [written]
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    fill(row, WrittenEditor, lambda e: e.setText("format=wav and favourite"))
    assert texts(row) == ["format wav", "favourite"]


def test_a_long_filter_is_edited_whole(row: FilterRow) -> None:
    written = " or ".join(f"name~{'x' * 20}{n}" for n in range(30))
    row.show_where(written)
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    fill(row, WrittenEditor, lambda e: None)
    assert row.where == written


def test_a_condition_whose_kind_has_no_editor_is_edited_as_text(row: FilterRow) -> None:
    row.show_where("size<=2MB")
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    fill(row, WrittenEditor, lambda e: e.setText("size<=3MB"))
    assert row.where == "size<=3MB"


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("format=aac", ChoiceEditor),
        ("channels=6", ChoiceEditor),
        ("rate>=22050", ChoiceEditor),
        ('collection="not any more"', ChoiceEditor),
        ("duration<=0.25", RangeEditor),
        ("modified<2020-02-29", DayEditor),
        ("folder~'say \"a\"'", TextEditor),
    ],
)
def test_an_editor_that_is_applied_unchanged_changes_nothing(
    row: FilterRow, where: str, kind: type[AnyEditor]
) -> None:
    row.show_where(where)
    QTest.mouseClick(row.chips[0], LEFT, pos=QPoint(8, 8))
    fill(row, kind, lambda e: None)
    assert row.where == where


def test_hostile_names_are_shown_as_they_are_and_filter_what_they_say(row: FilterRow) -> None:
    choose(row, "Collection")
    fill(row, ChoiceEditor, lambda e: e.setCurrentIndex(1))
    assert "".join(map(str, parse_filter(row.where).parameters)) == "it's 8\" <b>"
    assert all("<b>" not in chip.toolTip() for chip in row.chips)


def test_without_collections_nothing_is_chosen(row: FilterRow) -> None:
    row.show_collections([])
    choose(row, "Collection")
    fill(row, ChoiceEditor, lambda e: None)
    assert row.where == ""


def test_the_day_begins_a_month_ago(row: FilterRow) -> None:
    choose(row, "Modified")
    fill(row, DayEditor, lambda e: None)
    day = date.fromisoformat(row.where.removeprefix("modified>="))
    assert 27 < (date.today() - day).days < 33


def test_every_control_has_a_name_and_a_tip(row: FilterRow) -> None:
    row.show_where("format=wav and folder~a")
    for pill in (*row.chips, row.reset_button):
        assert pill.accessibleName()
        assert pill.toolTip()
