"""Failures as a tree: kinds of reasons with their counts, and below them the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.models.entries import Entry, EntryRole, entry_data, failure_entry
from app.desktop.models.text import plain_text
from app.plain import counted
from tokenalign.library import Doubt, Failure

Index = QModelIndex | QPersistentModelIndex

GONE = "files are gone"
"""The kind of a folder in doubt."""

_TOP = 0
"""Internal id of a kind; a file has the row of its kind, plus one."""


def doubt_text(doubt: Doubt) -> str:
    """What became of a folder's files, and the remedy."""
    return f"{doubt.reason}. If they are gone for good, remove the folder and add it again."


def failure_of(doubt: Doubt) -> Failure:
    """A folder in doubt as a failure, to stand among those of files."""
    return Failure(doubt.path, f"{GONE}: {doubt_text(doubt)}")


@dataclass(frozen=True)
class Kind:
    """Failures for the same kind of reason."""

    reason: str
    failures: tuple[Failure, ...]


def kinds_of(failures: Sequence[Failure]) -> tuple[Kind, ...]:
    """Failures by the part of their reasons before a colon, the most frequent kind first."""
    found: dict[str, list[Failure]] = {}
    for failure in failures:
        found.setdefault(failure.reason.partition(":")[0].strip(), []).append(failure)
    kinds = [Kind(reason, tuple(members)) for reason, members in found.items()]
    return tuple(sorted(kinds, key=lambda kind: -len(kind.failures)))


def list_text(failures: Sequence[Failure]) -> str:
    """One line for each failure, path and reason apart by a tab, for the clipboard."""
    return "".join(
        f"{plain_text(str(failure.path))}\t{plain_text(failure.reason)}\n" for failure in failures
    )


class FailuresModel(QAbstractItemModel):
    """Kinds of failures, and the files of each."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._failures: tuple[Failure, ...] = ()
        self._kinds: tuple[Kind, ...] = ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All of them."""
        return self._failures

    def show_failures(self, failures: Sequence[Failure]) -> bool:
        """Show these instead; returns whether anything differs."""
        if tuple(failures) == self._failures:
            return False
        self.beginResetModel()
        self._failures = tuple(failures)
        self._kinds = kinds_of(failures)
        self.endResetModel()
        return True

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """A kind, or a file of one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """The kind of a file."""
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many kinds, or files of a kind."""
        if not parent.isValid():
            return len(self._kinds)
        return len(self._kinds[parent.row()].failures) if parent.internalId() == _TOP else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One: the painter draws both lines of an entry."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What stands in a row; the value of a file is its failure, a kind has none."""
        if not index.isValid():
            return None
        if index.internalId() == _TOP:
            return None if role == EntryRole.VALUE else entry_data(self._heading(index.row()), role)
        failure = self._kinds[index.internalId() - 1].failures[index.row()]
        if role == EntryRole.VALUE:
            return failure
        return entry_data(failure_entry(failure.path, failure.reason), role)

    def _heading(self, row: int) -> Entry:
        kind = self._kinds[row]
        reason = plain_text(kind.reason)
        count = counted(len(kind.failures), "folder" if kind.reason == GONE else "file")
        return Entry(reason, count, (f"{count}: {reason}",))
