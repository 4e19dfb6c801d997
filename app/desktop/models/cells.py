"""What a cell of the results says: the roles of the model, and those that need only the line."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from PySide6.QtCore import Qt

from app.desktop.models import sentences
from app.desktop.models.columns import COLUMNS, Column
from app.desktop.models.lines import Line
from app.desktop.models.text import plain_text


class Role(IntEnum):
    """What delegates ask for besides Qt's own roles.

    LINE gives the `Line`, PEAKS its `Peaks` or None, SHARE how full its bar is on [0, 1],
    BEGINS_GUESSES whether matches end above it.
    """

    LINE = Qt.ItemDataRole.UserRole + 1
    PEAKS = Qt.ItemDataRole.UserRole + 2
    SHARE = Qt.ItemDataRole.UserRole + 3
    BEGINS_GUESSES = Qt.ItemDataRole.UserRole + 4


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_TIPS: dict[int, Callable[[Line], str]] = {
    Column.NAME: sentences.name_tip,
    Column.WAVEFORM: sentences.wave_tip,
    Column.MATCH: sentences.match_tip,
    Column.FOLDER: lambda line: sentences.text_tip(plain_text(line.row.folder)),
}

_SPOKEN: dict[int, Callable[[Line], str]] = {
    Column.NAME: sentences.sentence,
    Column.MATCH: sentences.match_sentence,
    Column.FAVOURITE: lambda line: "favourite" if line.row.favourite else "not a favourite",
    Column.WAVEFORM: sentences.wave_sentence,
}


def text_of(line: Line, column: int) -> str:
    """What the cell shows in words."""
    return COLUMNS[column].text(line)


def alignment_of(column: int) -> Qt.AlignmentFlag:
    """To which side a column is aligned, its title too."""
    return _RIGHT if COLUMNS[column].right else _LEFT


def cell(line: Line, column: int, role: int) -> Any:
    """The value of a cell for a role; None if it has none."""
    teller = _TELLERS.get(role)
    return teller(line, column) if teller else None


def title_cell(column: int, role: int) -> Any:
    """The value of a column's title for a role."""
    facts = COLUMNS[column]
    order = Qt.SortOrder
    return {
        int(Qt.ItemDataRole.DisplayRole): facts.title,
        int(Qt.ItemDataRole.ToolTipRole): facts.tip,
        int(Qt.ItemDataRole.AccessibleTextRole): facts.tip,
        int(Qt.ItemDataRole.TextAlignmentRole): alignment_of(column),
        int(Qt.ItemDataRole.InitialSortOrderRole): (
            order.DescendingOrder if facts.highest_first else order.AscendingOrder
        ),
    }.get(role)


def _tip(line: Line, column: int) -> str | None:
    if column in _TIPS:
        return _TIPS[column](line)
    text = text_of(line, column)
    return sentences.text_tip(text) if text else None


def _spoken(line: Line, column: int) -> str:
    return _SPOKEN[column](line) if column in _SPOKEN else text_of(line, column)


_TELLERS: dict[int, Callable[[Line, int], Any]] = {
    int(Qt.ItemDataRole.DisplayRole): text_of,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
    int(Qt.ItemDataRole.AccessibleTextRole): _spoken,
    int(Qt.ItemDataRole.TextAlignmentRole): lambda line, column: alignment_of(column),
}
