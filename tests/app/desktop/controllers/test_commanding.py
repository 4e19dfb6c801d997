from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from app.desktop.actions import COMMANDS, make_actions
from app.desktop.controllers.commanding import connect, fill_menus, with_mnemonics
from tokenalign.labels import LABEL_FORMATS, LIST_SUFFIXES


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def test_each_action_has_its_own_effect(window: QMainWindow) -> None:
    actions = {name: QAction(name, window) for name in ("stop", "go")}
    done: list[str] = []
    connect(actions, {"go": lambda: done.append("go"), "stop": lambda: done.append("stop")})
    actions["go"].trigger()
    actions["stop"].trigger()
    actions["go"].trigger()
    assert done == ["go", "stop", "go"]


@pytest.mark.parametrize("effects", [(), ("go", "fly")])
def test_an_action_without_an_effect_or_the_other_way_round_is_named(
    window: QMainWindow, effects: tuple[str, ...]
) -> None:
    actions = {"go": QAction("Go", window)}
    with pytest.raises(KeyError, match="fly" if effects else "go"):
        connect(actions, dict.fromkeys(effects, int))


def entries(menu: QMenu) -> list[QAction]:
    """What a menu holds, its submenus opened, without its lines."""
    held: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            held.extend(entries(inner))
        elif not action.isSeparator():
            held.append(action)
    return held


def test_menus_hold_every_command_once_in_the_tables_order(window: QMainWindow) -> None:
    actions = make_actions(window)
    fill_menus(window.menuBar(), actions)
    menus = [entry.menu() for entry in window.menuBar().actions()]
    shown = [action for menu in menus for action in entries(menu)]  # type: ignore[arg-type]
    by_group = sorted(
        COMMANDS, key=lambda command: [each.group for each in COMMANDS].index(command.group)
    )
    assert shown == [actions[command.id] for command in by_group]


def test_lines_and_a_submenu_part_what_differs(window: QMainWindow) -> None:
    fill_menus(window.menuBar(), make_actions(window))
    sound = next(one for one in window.menuBar().actions() if one.text() == "S&ound").menu()
    assert isinstance(sound, QMenu)
    assert [one.text() or "-" for one in sound.actions()] == [
        *(
            "Favourite",
            "-",
            "Show in file manager",
            "Open with its program",
            "Copy path",
            "Copy words",
        ),
        *("-", "Export region as WAV", "Export labels as", "Export the list as"),
    ]


def test_labels_and_lists_are_exported_in_every_format_that_there_is(window: QMainWindow) -> None:
    fill_menus(window.menuBar(), make_actions(window))
    sound = next(one for one in window.menuBar().actions() if one.text() == "S&ound").menu()
    assert isinstance(sound, QMenu)
    texts = [entry.text() for entry in entries(sound)]
    labels = [f"Export labels as {name}" for name in LABEL_FORMATS.values()]
    lists = [f"Export the list as {suffix[1:].upper()}" for suffix in LIST_SUFFIXES]
    assert texts[-len(labels + lists) :] == labels + lists


def test_each_menu_opens_with_a_letter_of_its_own(window: QMainWindow) -> None:
    fill_menus(window.menuBar(), make_actions(window))
    titles = [entry.text() for entry in window.menuBar().actions()]
    letters = [title[title.index("&") + 1].lower() for title in titles]
    assert len(set(letters)) == len(letters)


def test_mnemonics_are_the_first_free_letters() -> None:
    assert with_mnemonics(["Search", "Sound", "So", "S"]) == ["&Search", "S&ound", "So", "S"]
