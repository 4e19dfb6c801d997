"""The table of sounds: fixed rows, whole-row selection, drags of files, only visible rows asked."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.desktop.models.columns import Column
from app.desktop.models.lines import Line
from app.desktop.models.results import ResultsModel
from app.desktop.views.results.dragging import drag_out
from app.desktop.views.results.header import ResultsHeader
from app.desktop.views.results.painting import Cell, cells

ROW_LINES = 1.9
"""Height of a row, in lines of text."""

LOOK_MS = 20
"""So long rows stay in sight before they are asked for; a swift scroll passes pages by."""

DRAGGED_AT_MOST = 1000
"""Files in one drag."""


class ResultsTable(QTableView):
    """Rows of a ResultsModel.

    Signals:
        line_activated: a line was double-clicked, or Enter pressed on it.
        star_clicked: the line whose star was clicked.
        menu_wanted: where on the screen, for the selected rows.
    """

    line_activated = Signal(object)
    star_clicked = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results = ResultsModel(parent=self)
        self._clicked = False
        self.columns = ResultsHeader(parent=self)
        self.setHorizontalHeader(self.columns)
        self._set_look()
        self._set_behaviour()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._look_soon)
        bar.rangeChanged.connect(self._look_soon)
        self.columns.order_chosen.connect(lambda column, order: self._results.sort(column, order))
        self.doubleClicked.connect(self._on_double_clicked)

    def _set_look(self) -> None:
        self.setAccessibleName("Results")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._size_rows()

        self.setItemDelegate(Cell(self))
        for column, delegate in cells(self).items():
            self.setItemDelegateForColumn(column, delegate)

    def _set_behaviour(self) -> None:
        views = QAbstractItemView
        self.setSelectionBehavior(views.SelectionBehavior.SelectRows)
        self.setSelectionMode(views.SelectionMode.ExtendedSelection)
        self.setEditTriggers(views.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(views.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(views.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(views.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    def _size_rows(self) -> None:
        height = round(ROW_LINES * self.fontMetrics().height())
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)

    # What is shown

    @property
    def results(self) -> ResultsModel:
        """The model."""
        return self._results

    def set_model(self, model: ResultsModel) -> None:
        """Show the lines of a model; called once."""
        self._results = model
        self.setModel(model)
        self.columns.reset_columns()
        for changed in (model.modelReset, model.layoutChanged, model.rowsInserted):
            changed.connect(self._look_soon)
        model.modelReset.connect(self._on_reset)
        model.sort_changed.connect(self.columns.show_order)
        self._on_reset()

    def _on_reset(self) -> None:
        self.columns.set_browsing(self._results.browsing)
        self._look_soon()

    def _look_soon(self) -> None:
        if not self._looking.isActive():
            self._looking.start()

    def _look(self) -> None:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        count = self._results.rowCount()
        if first >= 0 and self.isVisible():
            self._results.look_at(first, last if last >= 0 else count - 1)

    # What is selected

    def selected_lines(self) -> list[Line]:
        """The selected lines from the top, as far as they are here."""
        spans = self.selected_spans()
        return [line for first, last in spans for line in self._results.loaded(first, last)]

    def selected_spans(self) -> list[tuple[int, int]]:
        """Selected lines from the top, first and last: a million of them is one span."""
        spans = self.selectionModel().selection().toList()
        return sorted({(span.top(), span.bottom()) for span in spans})

    def current_line(self) -> Line | None:
        """The line that the keys start from."""
        index = self.currentIndex()
        return self._results.line_at(index.row()) if index.isValid() else None

    def toggle_moments(self) -> None:
        """Open or close the further moments of the current sound."""
        self._results.toggle_moments(self.currentIndex().row())

    # What Qt calls

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are commands here; and Qt would go through every row for one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter plays the current line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            line = self.current_line()
            if line is not None:
                self.line_activated.emit(line)
            event.accept()
        else:
            super().keyPressEvent(event)

    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last line, not along one."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self._results.rowCount() - 1,
        }
        if action in ends:
            return self._results.index(ends[action], Column.NAME)
        return super().moveCursor(action, modifiers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a star or an arrow neither selects nor plays."""
        self._clicked = self._click(event)
        if not self._clicked:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged by its star or arrow."""
        if not self._clicked:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click."""
        if not self._clicked:
            super().mouseReleaseEvent(event)
        self._clicked = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two swift clicks on a star are two clicks."""
        self._clicked = self._click(event)
        if not self._clicked:
            super().mouseDoubleClickEvent(event)

    def _click(self, event: QMouseEvent) -> bool:
        """Do what stands below the pointer; returns whether there was something to do."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        line = self._results.line_at(index.row()) if index.isValid() else None
        if line is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        if index.column() == Column.FAVOURITE and line.whole:
            self.star_clicked.emit(line)
            return True
        if line.openable and self._on_arrow(index, place):
            self._results.toggle_moments(index.row())
            return True
        return False

    def _on_arrow(self, index: QModelIndex, place: QPoint) -> bool:
        cell = self.visualRect(index)
        return index.column() == Column.NAME and place.x() < cell.left() + self.arrow_width()

    def arrow_width(self) -> int:
        """Room left of the names for arrows that open further moments."""
        return self.fontMetrics().height() if self._results.has_moments else 0

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu where the pointer is, or below the current row."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            cell = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(cell.bottomLeft())
        self.menu_wanted.emit(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows may be in sight."""
        super().resizeEvent(event)
        self._look_soon()

    def changeEvent(self, event: QEvent) -> None:
        """Rows are as high as the font asks for."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_rows()

    def sizeHint(self) -> QSize:
        """Some ten rows."""
        height = self.fontMetrics().height()
        return QSize(60 * height, 20 * height)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Let the selected files out, as copies only."""
        spans = self.selected_spans()
        places = (place for first, last in spans for place in range(first, last + 1))
        dragged = islice(places, DRAGGED_AT_MOST)
        names = [self._results.index(place, Column.NAME) for place in dragged]
        drag_out(self, self._results.mimeData(names))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        line = self._results.line_at(index.row())
        if line is not None:
            self.line_activated.emit(line)
