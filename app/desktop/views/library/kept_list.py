"""The list of favourites and collections, which takes sounds that are dragged onto it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QWidget

from app.desktop.models.dragging import paths_of
from app.desktop.models.entries import EntryRole
from app.desktop.views.library.entry_list import EntryList


class KeptList(EntryList):
    """Values to choose from; rows of the results may be dropped on them.

    Signals:
        sounds_dropped: paths, and the value that they were dropped on.
        renaming_requested: a value.

    Args:
        model: an `EntriesModel`.
        name: for those who hear the window.
        parent: owner.
    """

    sounds_dropped = Signal(list, object)
    renaming_requested = Signal(object)

    def __init__(
        self, *, model: QAbstractItemModel, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(model=model, name=name, parent=parent)
        self._target = QModelIndex()
        self.setAcceptDrops(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, as in file managers."""
        value = self.currentIndex().data(EntryRole.VALUE)
        if value is not None and event.key() == Qt.Key.Key_F2:
            self.renaming_requested.emit(value)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Sounds of the results are welcome; whatever else is the panel's."""
        event.setAccepted(bool(paths_of(event.mimeData())))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark the entry that they would go to."""
        self._aim(self.indexAt(event.position().toPoint()))
        event.setAccepted(self._target.isValid())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._aim(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped, and where."""
        self._aim(QModelIndex())
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            event.acceptProposedAction()
            self.sounds_dropped.emit(paths_of(event.mimeData()), index.data(EntryRole.VALUE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The entries, a frame around the one that is aimed at."""
        super().paintEvent(event)
        if self._target.isValid():
            with QPainter(self.viewport()) as painter:
                painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
                painter.drawRect(self.visualRect(self._target).adjusted(0, 0, -1, -1))

    def _aim(self, target: QModelIndex) -> None:
        self._target = target
        self.viewport().update()
