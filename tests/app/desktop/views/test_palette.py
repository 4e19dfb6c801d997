from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.desktop.actions import COMMANDS, make_actions
from app.desktop.views.palette import CommandPalette, rank

KEY = Qt.Key


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.fixture
def actions(window: QMainWindow) -> dict[str, QAction]:
    return make_actions(window)


@pytest.fixture
def palette(qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction]) -> CommandPalette:
    palette = CommandPalette(actions=actions, parent=window)
    with qtbot.waitActive(palette):
        palette.open()
    return palette


def field_of(palette: CommandPalette) -> QLineEdit:
    (field,) = palette.findChildren(QLineEdit)
    return field


def tree_of(palette: CommandPalette) -> QTreeWidget:
    (tree,) = palette.findChildren(QTreeWidget)
    return tree


def items_of(palette: CommandPalette) -> list[QTreeWidgetItem]:
    tree = tree_of(palette)
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [item for item in items if item is not None]


def triggered_by(actions: dict[str, QAction]) -> list[str]:
    """A list that names what is triggered from now on."""
    triggered: list[str] = []
    for name, action in actions.items():
        action.triggered.connect(lambda _, name=name: triggered.append(name))
    return triggered


def until_gone(qtbot: QtBot, dialog: CommandPalette) -> None:
    """Wait until nothing of a closed dialog is left."""
    qtbot.waitUntil(lambda: not Shiboken.isValid(dialog), timeout=5000)


@pytest.mark.parametrize(
    ("pattern", "text", "cost"),
    [
        ("", "Zoom in", 0),
        ("zoom", "Zoom in", 0),
        ("ZOOM IN", "zoom in", 1),  # `i` begins a word
        ("zi", "Zoom in", 1),
        ("zo", "Zoom in", 0),
        ("zm", "Zoom in", 3),  # `oo` left out, and 1
        ("spec", "Show the spectrogram", 1),  # not the `s` of Show
        ("stsp", "Show the spectrogram", 2),
        ("in", "Loop region in", 1),
        ("iz", "Zoom in", None),
        ("zoomm", "Zoom in", None),
        ("x", "", None),
        ("", "", 0),
    ],
)
def test_rank(pattern: str, text: str, cost: int | None) -> None:
    assert rank(pattern, text) == cost


def test_every_command_is_listed_with_its_key_before_anything_is_typed(
    palette: CommandPalette,
) -> None:
    listed = [(item.text(0), item.text(1)) for item in items_of(palette)]
    assert [text for text, _ in listed] == [command.text for command in COMMANDS]
    assert ("Rescan folders", "F5") in listed
    assert ("Previous span", "Shift+N") in listed
    assert ("Play the best moment", "Return") in listed


def test_letters_leave_what_fits_the_best_first(qtbot: QtBot, palette: CommandPalette) -> None:
    assert field_of(palette).hasFocus()
    QTest.keyClicks(field_of(palette), "zo")
    texts = [item.text(0) for item in items_of(palette)]
    assert texts[:3] == ["Zoom in", "Zoom out", "Zoom to the region"]
    assert "Quit" not in texts
    current = tree_of(palette).currentItem()
    assert current is not None
    assert current.text(0) == "Zoom in"


def test_enter_runs_the_first_and_closes(
    qtbot: QtBot, palette: CommandPalette, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    QTest.keyClicks(field_of(palette), "zoi")
    QTest.keyClick(field_of(palette), KEY.Key_Return)
    until_gone(qtbot, palette)
    assert triggered == ["zoom_in"]


def test_arrows_choose_another_while_the_field_keeps_the_focus(
    qtbot: QtBot, palette: CommandPalette, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    field = field_of(palette)
    QTest.keyClicks(field, "zoom")
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Up):
        QTest.keyClick(field, key)
    assert field.hasFocus()
    assert field.text() == "zoom"
    QTest.keyClick(field, KEY.Key_Enter)
    until_gone(qtbot, palette)
    assert triggered == ["zoom_out"]


def test_a_click_twice_runs(
    qtbot: QtBot, palette: CommandPalette, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    tree = tree_of(palette)
    tree.itemActivated.emit(items_of(palette)[1], 0)
    assert triggered == ["rescan"]


def test_escape_closes_and_runs_nothing(
    qtbot: QtBot, palette: CommandPalette, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    QTest.keyClick(field_of(palette), KEY.Key_Escape)
    until_gone(qtbot, palette)
    assert triggered == []


def test_a_disabled_command_is_greyed_and_enter_runs_no_other_in_its_place(
    qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    actions["zoom_in"].setEnabled(False)
    palette = CommandPalette(actions=actions, parent=window)
    palette.open()
    QTest.keyClicks(field_of(palette), "zoom")
    assert [item.isDisabled() for item in items_of(palette)] == [True, False, False]
    QTest.keyClick(field_of(palette), KEY.Key_Return)
    assert triggered == []
    assert palette.isVisible()
    QTest.keyClick(field_of(palette), KEY.Key_Down)
    QTest.keyClick(field_of(palette), KEY.Key_Return)
    assert triggered == ["zoom_out"]


def test_enter_without_any_fit_does_nothing(qtbot: QtBot, palette: CommandPalette) -> None:
    QTest.keyClicks(field_of(palette), "xyzzy")
    assert items_of(palette) == []
    QTest.keyClick(field_of(palette), KEY.Key_Return)
    assert palette.isVisible()


def test_a_screen_reader_hears_what_enter_would_run(qtbot: QtBot, palette: CommandPalette) -> None:
    field = field_of(palette)
    assert field.accessibleName()
    assert tree_of(palette).accessibleName()
    QTest.keyClicks(field, "zoom")
    assert field.accessibleDescription() == "Zoom in +"
    QTest.keyClick(field, KEY.Key_Down)
    assert field.accessibleDescription() == "Zoom out -"
    QTest.keyClicks(field, "yzzy")
    assert field.accessibleDescription() == ""


def test_letters_typed_in_the_palette_are_no_commands_of_the_window(
    qtbot: QtBot, palette: CommandPalette, actions: dict[str, QAction]
) -> None:
    triggered = triggered_by(actions)
    for key in (KEY.Key_N, KEY.Key_F, KEY.Key_Space, KEY.Key_1):
        QTest.keyClick(field_of(palette), key)
    assert field_of(palette).text() == "nf 1"
    assert triggered == []
    assert QApplication.activeWindow() is palette
