"""The results as a Qt model: the lines of a search, or the pages of a whole library."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.desktop.models.cells import Role, cell, title_cell
from app.desktop.models.columns import COLUMNS, Column
from app.desktop.models.dragging import HIT_MIME, mime_data
from app.desktop.models.found import Found, SortKey
from app.desktop.models.lines import Line
from app.desktop.models.outlines import Outlines
from app.desktop.models.pages import Pages
from app.desktop.models.sounds import SoundRow
from tokenalign.audio.peaks import Peaks

Index = QModelIndex | QPersistentModelIndex

NO_COLUMN = -1
"""Sorted by no column: by rank, or as the library comes."""

LIBRARY_ORDER = "name"
"""How the library comes."""

NOT_HERE_YET = "…"
"""The name of a sound whose page has not come."""


class ResultsModel(QAbstractTableModel):
    """Lines of sounds, of a search or of the library.

    Signals:
        peaks_wanted: paths of the visible sounds that have no outline yet; the newest list
            replaces those before it.
        sort_wanted: key of the column and whether descending, when browsing.
        sort_changed: the column or NO_COLUMN, and whether descending: what the header shows.

    Args:
        parent: owner.
    """

    peaks_wanted = Signal(list)
    sort_wanted = Signal(str, bool)
    sort_changed = Signal(int, bool)

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Found | Pages = Found(())
        self._outlines = Outlines()
        self._seen = (0, -1)
        self._sort = (NO_COLUMN, False)
        self._again = False

    # What to show

    def show_rows(
        self, rows: Sequence[SoundRow], *, again: bool = False, anew: bool = False
    ) -> None:
        """Show what a search found, best first.

        Args:
            rows: the sounds.
            again: the same search, asked again; the view stays where it is.
            anew: something else was looked for: the rows stand by their rank again.
        """
        opened = self._lines.opened if again and isinstance(self._lines, Found) else ()
        self._show(Found(rows, opened=opened), again=again, anew=anew)

    def show_pages(self, count: int, fetch: Callable[[int], None], *, again: bool = False) -> None:
        """Show a library of so many sounds.

        Args:
            count: how many.
            fetch: asks for the PAGE_ROWS sounds from this place on; `put_page` brings them. Pages
                of an earlier list must not be brought any more.
            again: the same list, changed a little; the view stays where it is and its lines
                stand until newer ones come.
        """
        before = self._lines if again and isinstance(self._lines, Pages) else None
        self._show(Pages(count, fetch, before=before), again=again)

    def put_page(self, first: int, rows: Sequence[SoundRow]) -> None:
        """Bring the sounds that were asked for."""
        if rows and isinstance(self._lines, Pages) and self._lines.put(first, rows):
            self._tell_changed(first, min(first + len(rows), self._lines.count) - 1)
            self._want_peaks()

    def put_peaks(self, path: Path, peaks: Peaks | None) -> None:
        """Bring the outline of a sound; None if it cannot be drawn."""
        self._outlines.put(path, peaks)
        for place in range(self._seen[0], self._seen[1] + 1):
            line = self._lines.line(place)
            if line is not None and line.row.path == path:
                cell = self.index(place, Column.WAVEFORM)
                self.dataChanged.emit(cell, cell, [Role.PEAKS])

    def look_at(self, first: int, last: int) -> None:
        """Say which lines are visible: their pages and outlines are asked for."""
        last = min(last, self._lines.count - 1)
        self._seen = (max(0, first), last)
        if isinstance(self._lines, Pages) and first <= last:
            self._lines.look_at(*self._seen)
        self._want_peaks()

    def set_favourite(self, paths: Collection[Path], favourite: bool) -> None:
        """Mark sounds, wherever they stand."""
        for place in self._lines.set_favourite(set(paths), favourite):
            self._tell_changed(place, place)

    # What is shown

    @property
    def browsing(self) -> bool:
        """Whether the library is shown, not the answer to a search."""
        return isinstance(self._lines, Pages)

    @property
    def again(self) -> bool:
        """Whether what is shown is what was shown before, asked again."""
        return self._again

    @property
    def has_moments(self) -> bool:
        """Whether any sound has further moments."""
        return isinstance(self._lines, Found) and self._lines.has_moments

    @property
    def sounds(self) -> int:
        """How many sounds; the lines of moments do not count."""
        return self._lines.sounds

    def line_at(self, place: int) -> Line | None:
        """The line at a place; None while it is elsewhere."""
        return self._lines.line(place)

    def places(self) -> dict[Path, int]:
        """Where each sound stands that is here."""
        return self._lines.places()

    def loaded(self, first: int, last: int) -> list[Line]:
        """The lines from first to last, both included, as far as they are here."""
        return self._lines.loaded(first, last)

    def toggle_moments(self, place: int) -> None:
        """Open or close the further moments of the sound at a place."""
        line = self._lines.line(place)
        if not isinstance(self._lines, Found) or not line or not line.openable:
            return
        first, last = place + 1, place + len(line.row.moments)
        if line.opened:
            self.beginRemoveRows(QModelIndex(), first, last)
            self._lines.toggle(place)
            self.endRemoveRows()
        else:
            self.beginInsertRows(QModelIndex(), first, last)
            self._lines.toggle(place)
            self.endInsertRows()
        self._tell_changed(place, place)

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._lines.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines.line(index.row()) if index.isValid() else None
        if line is None:
            waits = index.isValid() and index.column() == Column.NAME
            return NOT_HERE_YET if waits and role == Qt.ItemDataRole.DisplayRole else None
        if role == Role.LINE:
            return line
        if role == Role.PEAKS:
            return self._outlines.get(line.row.path)
        if role == Role.SHARE:
            return self._lines.share(line)
        if role == Role.BEGINS_GUESSES:
            return isinstance(self._lines, Found) and self._lines.begins_guesses(line)
        return cell(line, index.column(), role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            return title_cell(section, role)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        line = self._lines.line(index.row())
        if line is not None and not line.row.offline:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; NO_COLUMN gives the rank back. Who brings a library sorts it."""
        descending = column >= 0 and order == Qt.SortOrder.DescendingOrder
        self._sort = (column, descending)
        if isinstance(self._lines, Found):
            self._sort_found(self._lines)
        else:
            self.sort_wanted.emit(COLUMNS[column].key if column >= 0 else LIBRARY_ORDER, descending)
        self.sort_changed.emit(column, descending)

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", HIT_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        places = dict.fromkeys(index.row() for index in indexes)
        lines = (self._lines.line(place) for place in places)
        return mime_data([line for line in lines if line is not None and not line.row.offline])

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    # Inside

    def _show(self, lines: Found | Pages, *, again: bool, anew: bool = False) -> None:
        # An order chosen for the library is no order for an answer, nor back.
        unsorted = anew or isinstance(lines, Pages) != self.browsing
        if unsorted:
            self._sort = (NO_COLUMN, False)
        self.beginResetModel()
        self._lines, self._again, self._seen = lines, again, (0, -1)
        if isinstance(lines, Found):
            lines.sort(self._sort_key(), descending=self._sort[1])
        self.endResetModel()
        if unsorted:
            self.sort_changed.emit(*self._sort)

    def _sort_key(self) -> SortKey | None:
        return COLUMNS[self._sort[0]].sort_key if self._sort[0] >= 0 else None

    def _sort_found(self, found: Found) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = found.sort(self._sort_key(), descending=self._sort[1])
        after = [self.index(places[index.row()], index.column()) for index in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _tell_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def _want_peaks(self) -> None:
        seen = (line.row for line in self._lines.loaded(*self._seen))
        wanted = self._outlines.missing(row.path for row in seen if not row.offline)
        if wanted:
            self.peaks_wanted.emit(wanted)
