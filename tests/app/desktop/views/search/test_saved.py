"""The button of saved searches."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.models.history import SavedSearch
from app.desktop.views.search.popover import Popover
from app.desktop.views.search.saved import LONGEST_NAME, LONGEST_SHOWN, SavedButton

FRAME = 2
"""Pixels that the offscreen platform shifts every window by, for a frame that is not there."""

STORM = SavedSearch("Storm", "thunder", "format=wav")
HOSTILE = SavedSearch("R&D <b>\u202e" + "x" * 300, "rain")


@pytest.fixture
def button(qtbot: QtBot) -> SavedButton:
    button = SavedButton()
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    return button


def entries(menu: QMenu) -> list[QAction]:
    return [action for action in menu.actions() if not action.isSeparator()]


def forgetting(button: SavedButton) -> QMenu:
    menu = entries(button.menu_of_searches)[-1].menu()
    assert isinstance(menu, QMenu)
    return menu


def test_a_click_opens_the_menu(qtbot: QtBot, button: SavedButton) -> None:
    button.show_saved([STORM])
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(button.menu_of_searches.isVisible)
    assert [action.text() for action in entries(button.menu_of_searches)] == [
        "Save this search…",
        "Storm",
        "Forget",
    ]
    button.menu_of_searches.close()


def test_one_is_chosen_and_one_is_forgotten(button: SavedButton) -> None:
    button.show_saved([HOSTILE, STORM])
    chosen, forgotten = QSignalSpy(button.saved_chosen), QSignalSpy(button.forget_requested)
    entries(button.menu_of_searches)[2].trigger()
    entries(forgetting(button))[0].trigger()
    assert [chosen.at(0)[0], forgotten.at(0)[0]] == [STORM, HOSTILE]


@pytest.mark.parametrize("wide", [False, True])
def test_the_box_for_a_name_stays_inside_window_and_screen(qtbot: QtBot, wide: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = SavedButton()
    row = QHBoxLayout(window)
    row.addStretch(1)
    row.addWidget(button)
    screen = window.screen().availableGeometry()
    window.setGeometry(screen if wide else screen.adjusted(0, 0, -60, -60))
    with qtbot.waitExposed(window):
        window.show()
    button.show_search("a dog barks", searchable=True)
    button.ask_name()
    box = window.findChild(Popover)
    assert isinstance(box, Popover)
    frame = box.geometry().translated(-FRAME, -FRAME)
    assert screen.contains(frame)
    assert frame.right() == min(window.geometry().right(), screen.right())
    box.close()


def test_hostile_names_are_short_and_plain(button: SavedButton) -> None:
    button.show_saved([HOSTILE])
    text = entries(button.menu_of_searches)[1].text()
    assert text.startswith("R&&D <b>\\u202ex")
    assert len(text.replace("&&", "&")) == LONGEST_SHOWN


def test_without_any_there_is_nothing_to_forget(button: SavedButton) -> None:
    button.show_saved([STORM])
    button.show_saved([])
    assert len(entries(button.menu_of_searches)) == 1


def asked(button: SavedButton) -> tuple[Popover, QLineEdit]:
    (popover,) = button.findChildren(Popover)
    (line,) = popover.findChildren(QLineEdit)
    return popover, line


def test_a_search_is_saved_under_the_name_that_is_typed(button: SavedButton) -> None:
    saved = QSignalSpy(button.save_requested)
    button.show_search("thunder", searchable=True)
    button.save_action.trigger()
    popover, line = asked(button)
    assert line.hasFocus()
    assert line.selectedText() == "thunder"
    QTest.keyClicks(line, " My storms ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert saved.at(0)[0] == "My storms"
    assert not popover.isVisible()


def test_without_a_name_nothing_is_saved(button: SavedButton) -> None:
    saved = QSignalSpy(button.save_requested)
    button.show_search("thunder", searchable=True)
    button.ask_name()
    _, line = asked(button)
    line.setText("  ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert saved.count() == 0


def test_a_name_is_one_line_of_modest_length(button: SavedButton) -> None:
    saved = QSignalSpy(button.save_requested)
    button.show_search("a\nb" + "x" * 500, searchable=True)
    button.ask_name()
    _, line = asked(button)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert saved.at(0)[0] == "a b" + "x" * (LONGEST_NAME - 3)


def test_where_nothing_is_searched_nothing_can_be_saved(button: SavedButton) -> None:
    assert not button.save_action.isEnabled()
    button.ask_name()
    assert button.findChildren(Popover) == []
    button.show_search("thunder", searchable=True)
    button.show_saved([STORM])
    assert button.save_action.isEnabled()
