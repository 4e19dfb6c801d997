"""What can be done with the selected sounds: the table's context menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.desktop.models.lines import Line
from app.desktop.models.text import plain_text
from app.plain import counted


@dataclass(frozen=True)
class Deeds:
    """What the entries of the menu do.

    Attributes:
        play: the line.
        toggle_favourite: the stars of all selected sounds.
        collect: put the selected sounds into the collection of this name.
        collect_anew: ask for the name of a new one.
        uncollect: take the selected sounds out of the collection of this name.
        more_like: the line.
        toggle_moments: of the line.
        reveal: the line's file.
        open: the line's file, with the system's program for it.
        copy_paths: of all selected sounds.
    """

    play: Callable[[], object]
    toggle_favourite: Callable[[], object]
    collect: Callable[[str], object]
    collect_anew: Callable[[], object]
    uncollect: Callable[[str], object]
    more_like: Callable[[], object]
    toggle_moments: Callable[[], object]
    reveal: Callable[[], object]
    open: Callable[[], object]
    copy_paths: Callable[[], object]


def sound_menu(
    line: Line,
    *,
    selected: int,
    collections: Sequence[str],
    collection: str,
    deeds: Deeds,
    parent: QWidget,
) -> QMenu:
    """The menu for a line and those selected with it.

    Args:
        line: the one that the keys start from.
        selected: how many sounds are selected.
        collections: names of those there are.
        collection: the one that is shown; empty for none.
        deeds: what the entries do.
        parent: owner.
    """
    menu = QMenu("Sound", parent)
    here = not line.row.offline
    _entry(menu, "Play", deeds.play, enabled=here)
    if line.openable:
        moments = counted(len(line.row.moments), "further moment")
        verb = "Hide" if line.opened else "Show"
        _entry(menu, f"{verb} {moments}", deeds.toggle_moments)
    menu.addSeparator()
    star = _entry(menu, "Favourite", deeds.toggle_favourite)
    star.setCheckable(True)
    star.setChecked(line.row.favourite)
    submenu = menu.addMenu("Add to collection")
    for name in collections:
        _entry(submenu, plain_text(name), partial(deeds.collect, name))
    if collections:
        submenu.addSeparator()
    _entry(submenu, "New collection…", deeds.collect_anew)
    if collection:
        _entry(
            menu, f"Remove from “{plain_text(collection)}”", partial(deeds.uncollect, collection)
        )
    _entry(menu, "More like this", deeds.more_like)
    menu.addSeparator()
    _entry(menu, "Show in file manager", deeds.reveal, enabled=here)
    _entry(menu, "Open with its program", deeds.open, enabled=here)
    _entry(menu, "Copy path" if selected <= 1 else f"Copy {selected} paths", deeds.copy_paths)
    return menu


def _entry(menu: QMenu, text: str, deed: Callable[[], object], *, enabled: bool = True) -> QAction:
    action = menu.addAction(text.replace("&", "&&"))
    action.triggered.connect(lambda: deed())
    action.setEnabled(enabled)
    return action
