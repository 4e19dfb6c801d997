"""Commanding: what each key, menu entry and palette line does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from app.desktop.actions import COMMANDS


def connect(actions: Mapping[str, QAction], effects: Mapping[str, Callable[[], object]]) -> None:
    """Let every action have its effect.

    Raises:
        KeyError: an action without an effect, or an effect without an action.
    """
    if unmatched := set(actions) ^ set(effects):
        raise KeyError(f"commands and effects differ: {', '.join(sorted(unmatched))}")
    for name, effect in effects.items():
        actions[name].triggered.connect(lambda _checked=False, effect=effect: effect())


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """One menu for each group of commands, in the table's order, with its lines and submenus."""
    groups = dict.fromkeys(command.group for command in COMMANDS)
    for group, title in zip(groups, with_mnemonics(groups), strict=True):
        menu = bar.addMenu(title)
        submenus: dict[str, QMenu] = {}
        for command in (one for one in COMMANDS if one.group == group):
            if command.apart:
                menu.addSeparator()
            if command.submenu and command.submenu not in submenus:
                submenus[command.submenu] = menu.addMenu(command.submenu)
            submenus.get(command.submenu, menu).addAction(actions[command.id])


def with_mnemonics(titles: Iterable[str]) -> list[str]:
    """Titles with an ampersand before the letter that opens each with Alt: the first free one."""
    taken: set[str] = set()
    marked = []
    for title in titles:
        free = (place for place, each in enumerate(title.lower()) if each not in taken)
        place = next(free, None)
        if place is not None:
            taken.add(title[place].lower())
        marked.append(title if place is None else f"{title[:place]}&{title[place:]}")
    return marked
