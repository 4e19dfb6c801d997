"""Entries of a list, such as folders: a title, a line below it, and what they stand for."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.models.text import plain_text
from tokenalign.library import RootStatus

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")


class EntryRole(IntEnum):
    """What the painter of entries asks a model for, beside the display role."""

    DETAIL = Qt.ItemDataRole.UserRole + 1
    MUTED = Qt.ItemDataRole.UserRole + 2
    VALUE = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True)
class Entry:
    """How a value appears.

    Attributes:
        title: its name.
        detail: the line below, empty for none.
        tip: plain lines of the tooltip.
        muted: greyed.
    """

    title: str
    detail: str = ""
    tip: tuple[str, ...] = ()
    muted: bool = False


def entry_data(entry: Entry, role: int) -> object:
    """What an entry has to say for a role of Qt's."""
    if role == Qt.ItemDataRole.DisplayRole:
        return entry.title
    if role == Qt.ItemDataRole.ToolTipRole:
        return tip_text(entry.tip) if entry.tip else None
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return ", ".join(filter(None, (entry.title, entry.detail)))
    if role == EntryRole.DETAIL:
        return entry.detail
    if role == EntryRole.MUTED:
        return entry.muted
    return None


def tip_text(lines: Sequence[str]) -> str:
    """Plain lines as a tooltip, marked as rich text: Qt would guess, and names may look so."""
    return f"<qt>{'<br>'.join(html.escape(line) for line in lines)}</qt>"


def folder_entry(root: RootStatus) -> Entry:
    """A folder of the library."""
    name, path = plain_text(root.path.name or str(root.path)), plain_text(str(root.path))
    if root.offline:
        return Entry(
            name,
            "offline: its sounds stay in the library",
            (path, "Not available right now. Its sounds stay in the library and can be searched."),
            muted=True,
        )
    return Entry(name, path, (path, "Click: only the sounds of this folder. Del: remove it."))


def collection_entry(name: str) -> Entry:
    """A collection of the person's."""
    shown = plain_text(name)
    return Entry(shown, tip=(shown, "Click: only the sounds of this collection."))


def failure_entry(name: Path, reason: str) -> Entry:
    """A file that cannot be searched, below the kind of its reason: what else there is to say."""
    path, why = plain_text(str(name)), plain_text(reason)
    more = plain_text(reason.partition(":")[2].strip() or str(name.parent))
    return Entry(plain_text(name.name or str(name)), more, (path, why))


class EntriesModel(QAbstractListModel, Generic[T]):
    """A list of values.

    Args:
        entry_of: how a value appears; asked only for what is on the screen.
        parent: owner.
    """

    def __init__(self, *, entry_of: Callable[[T], Entry], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entry_of = entry_of
        self._values: tuple[T, ...] = ()

    def show_values(self, values: Sequence[T]) -> None:
        """Show these values instead; the same ones again disturb nothing."""
        if tuple(values) == self._values:
            return
        self.beginResetModel()
        self._values = tuple(values)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """How many values."""
        return 0 if parent.isValid() else len(self._values)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What stands in a row."""
        if not index.isValid():
            return None
        value = self._values[index.row()]
        return value if role == EntryRole.VALUE else entry_data(self._entry_of(value), role)
