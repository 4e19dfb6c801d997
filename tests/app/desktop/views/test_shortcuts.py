from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QTreeWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.desktop.actions import COMMANDS, Command
from app.desktop.views.shortcuts import ShortcutSheet


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.fixture
def sheet(qtbot: QtBot, window: QMainWindow) -> ShortcutSheet:
    sheet = ShortcutSheet(commands=COMMANDS, parent=window)
    with qtbot.waitActive(sheet):
        sheet.open()
    return sheet


def field_of(sheet: ShortcutSheet) -> QLineEdit:
    (field,) = sheet.findChildren(QLineEdit)
    return field


def lines_of(sheet: ShortcutSheet) -> dict[str, list[tuple[str, str, str]]]:
    """What is to be seen, by group."""
    (tree,) = sheet.findChildren(QTreeWidget)
    shown: dict[str, list[tuple[str, str, str]]] = {}
    for place in range(tree.topLevelItemCount()):
        heading = tree.topLevelItem(place)
        if heading is None or heading.isHidden():
            continue
        lines = [heading.child(row) for row in range(heading.childCount())]
        shown[heading.text(0)] = [
            (line.text(0), line.text(1), line.text(2))
            for line in lines
            if line is not None and not line.isHidden()
        ]
    return shown


def test_the_sheet_is_the_table(sheet: ShortcutSheet) -> None:
    shown = lines_of(sheet)
    assert [(group, text, tip) for group, lines in shown.items() for text, _, tip in lines] == [
        (command.group, command.text, command.tip)
        for group in dict.fromkeys(command.group for command in COMMANDS)
        for command in COMMANDS
        if command.group == group and command.keys
    ]


def test_keys_are_shown_as_the_platform_writes_them(sheet: ShortcutSheet) -> None:
    shown = lines_of(sheet)
    assert ("Search", "Ctrl+F or /", "Go to the caption.") in shown["Search"]
    assert ("Play or pause", "Space", "") in shown["Play"]


def test_a_group_without_keys_is_left_out(window: QMainWindow) -> None:
    commands = (
        Command("go", "Go", ("G",), "Moving"),
        Command("sing", "Sing", (), "Singing"),
    )
    assert lines_of(ShortcutSheet(commands=commands, parent=window)) == {
        "Moving": [("Go", "G", "")]
    }


def until_gone(qtbot: QtBot, dialog: ShortcutSheet) -> None:
    """Wait until nothing of a closed dialog is left."""
    qtbot.waitUntil(lambda: not Shiboken.isValid(dialog), timeout=5000)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("zoom", {"View": ["Zoom in", "Zoom out", "Zoom to the region"]}),
        ("ZOOM region", {"View": ["Zoom to the region"]}),
        ("f5", {"Library": ["Rescan folders"]}),
        ("strongest 3", {"Phrases": ["Play phrase 3"]}),
        ("search save", {"Search": ["Save this search…"]}),
        ("xyzzy", {}),
    ],
)
def test_words_leave_what_has_them_all(
    qtbot: QtBot, sheet: ShortcutSheet, typed: str, expected: dict[str, list[str]]
) -> None:
    assert field_of(sheet).hasFocus()
    QTest.keyClicks(field_of(sheet), typed)
    shown = lines_of(sheet)
    assert {group: [line[0] for line in lines] for group, lines in shown.items()} == expected


def test_everything_is_back_when_the_field_is_empty(qtbot: QtBot, sheet: ShortcutSheet) -> None:
    before = lines_of(sheet)
    QTest.keyClicks(field_of(sheet), "xyzzy")
    field_of(sheet).clear()
    assert lines_of(sheet) == before


def test_nothing_is_cut_off(sheet: ShortcutSheet) -> None:
    (tree,) = sheet.findChildren(QTreeWidget)
    for column in (0, 1):
        assert tree.columnWidth(column) >= tree.sizeHintForColumn(column) > 0
    assert tree.header().length() <= tree.viewport().width()


def test_escape_closes_and_nothing_stays_behind(qtbot: QtBot, sheet: ShortcutSheet) -> None:
    QTest.keyClick(field_of(sheet), Qt.Key.Key_Escape)
    until_gone(qtbot, sheet)


def test_controls_have_names(sheet: ShortcutSheet) -> None:
    (tree,) = sheet.findChildren(QTreeWidget)
    assert field_of(sheet).accessibleName()
    assert tree.accessibleName()


def test_it_fits_on_the_screen_with_large_letters(qtbot: QtBot, window: QMainWindow) -> None:
    font = window.font()
    font.setPointSizeF(3 * font.pointSizeF())
    window.setFont(font)
    large = ShortcutSheet(commands=COMMANDS, parent=window)
    screen = window.screen().availableSize()
    assert large.height() <= screen.height()
    assert large.width() <= screen.width()
