"""The table's header: columns that can be moved, hidden, resized, and remembered."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from app.desktop.models.cells import alignment_of
from app.desktop.models.columns import COLUMNS, Column
from app.desktop.models.results import NO_COLUMN
from app.desktop.views.results.inks import inks_of
from app.desktop.views.results.shapes import paint_triangle

NARROWEST, WIDEST = 2.0, 400.0
"""Widths that a layout may ask for, in digits."""

PLACES = {facts.key: place for place, facts in enumerate(COLUMNS)}


class ResultsHeader(QHeaderView):
    """Titles of the columns; a click sorts, a third one gives the first order back.

    Signals:
        order_chosen: column or NO_COLUMN, and Qt's order.
    """

    order_chosen = Signal(int, Qt.SortOrder)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._chosen = [facts.shown for facts in COLUMNS]
        self._browsing = False
        self._name_width = 0
        self._giving_room = False
        self.setAccessibleName("Columns")
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSortIndicator(NO_COLUMN, Qt.SortOrder.AscendingOrder)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setMinimumSectionSize(self._pixels(NARROWEST))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.sortIndicatorChanged.connect(self._on_indicator_changed)
        self.sectionResized.connect(self._on_section_resized)

    # Columns

    def reset_columns(self) -> None:
        """Put the columns as they are at first."""
        self.restore([{"key": facts.key, "shown": facts.shown} for facts in COLUMNS])

    def show_column(self, column: int, shown: bool) -> None:
        """Show or hide a column; the name always stays."""
        self._chosen[column] = shown or column == Column.NAME
        self._apply_shown()

    def set_browsing(self, browsing: bool) -> None:
        """Leave out the columns that only an answer fills."""
        self._browsing = browsing
        self._apply_shown()

    def show_order(self, column: int, descending: bool) -> None:
        """Mark the column that the rows are sorted by, without sorting them again."""
        orders = Qt.SortOrder
        blocked = self.blockSignals(True)
        self.setSortIndicator(
            column, orders.DescendingOrder if descending else orders.AscendingOrder
        )
        self.blockSignals(blocked)
        self.viewport().update()

    # Remembering

    def save(self) -> list[dict[str, Any]]:
        """The columns from left to right: key, width in digits, whether shown."""
        columns = map(self.logicalIndex, range(self.count()))
        return [
            {
                "key": COLUMNS[column].key,
                "width": round(self._width_of(column), 2),
                "shown": self._chosen[column],
            }
            for column in columns
        ]

    def restore(self, columns: list[dict[str, Any]]) -> None:
        """Put the columns as `save` told; unknown ones are passed over, others go to the end."""
        told = [column for column in columns if column.get("key") in PLACES]
        for visual, facts in enumerate(told):
            column = PLACES[facts["key"]]
            self.moveSection(self.visualIndex(column), visual)
            width = facts.get("width", COLUMNS[column].characters)
            if isinstance(width, int | float) and NARROWEST <= width <= WIDEST:
                self.resizeSection(column, self._pixels(width))
                if column == Column.NAME:
                    self._name_width = self._pixels(width)
            self._chosen[column] = bool(facts.get("shown", True)) or column == Column.NAME
        self._apply_shown()

    # What Qt calls

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802
        """A flat title over its column, a small arrow if the rows are sorted by it."""
        inks = inks_of(self.palette())
        painter.save()
        painter.fillRect(rect, self.palette().window())
        painter.fillRect(rect.adjusted(0, rect.height() - 1, 0, 0), inks.faint)
        unit = self.fontMetrics().height()
        inner = rect.adjusted(unit * 2 // 5, 0, -unit * 2 // 5, 0)
        if self.sortIndicatorSection() == column:
            descending = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            side = unit // 3
            middle = QPointF(inner.right() - side / 2, rect.center().y())
            turned = 90.0 if descending else -90.0
            paint_triangle(painter, middle, side, inks.text, turned=turned)
            inner.setRight(inner.right() - 2 * side)
            painter.setPen(inks.text)
        else:
            painter.setPen(inks.quiet)
        title = self.fontMetrics().elidedText(
            COLUMNS[column].title, Qt.TextElideMode.ElideRight, inner.width()
        )
        centred = column == Column.FAVOURITE
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignCenter if centred else alignment_of(column), title
        )
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room for the names."""
        super().resizeEvent(event)
        self._give_room()

    def sizeHint(self) -> QSize:
        """Somewhat higher than its text."""
        return QSize(super().sizeHint().width(), self.fontMetrics().height() * 8 // 5)

    # Inside

    def _apply_shown(self) -> None:
        for column, facts in enumerate(COLUMNS[: self.count()]):
            left_out = facts.search_only and self._browsing
            self.setSectionHidden(column, left_out or not self._chosen[column])
        self._give_room()

    def _give_room(self) -> None:
        """Let the names have what the other columns leave, and never less than their own width."""
        if self.count() == 0:
            return
        others = self.length() - self.sectionSize(Column.NAME)
        self._giving_room = True
        width = max(self._name_width, self.viewport().width() - others)
        self.resizeSection(Column.NAME, width)
        self._giving_room = False

    def _on_section_resized(self, column: int, _before: int, width: int) -> None:
        if self._giving_room:
            return
        if column == Column.NAME:
            self._name_width = width
        else:
            self._give_room()

    def _pixels(self, digits: float) -> int:
        return round(digits * self.fontMetrics().horizontalAdvance("0"))

    def _width_of(self, column: int) -> float:
        if column == Column.NAME:  # without the room that the window leaves it
            return self._name_width / self.fontMetrics().horizontalAdvance("0")
        hidden = self.isSectionHidden(column)
        if hidden:  # Qt tells no width of what is hidden
            self.blockSignals(True)
            self.setSectionHidden(column, False)
        width = self.sectionSize(column) / self.fontMetrics().horizontalAdvance("0")
        if hidden:
            self.setSectionHidden(column, True)
            self.blockSignals(False)
        return width

    def _on_indicator_changed(self, column: int, order: Qt.SortOrder) -> None:
        sortable = column >= 0 and COLUMNS[column].sort_key is not None
        self.order_chosen.emit(column if sortable else NO_COLUMN, order)

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(place))

    def menu(self) -> QMenu:
        """Columns to show and hide."""
        menu = QMenu("Columns", self)
        for column, facts in enumerate(COLUMNS):
            action = menu.addAction("Favourite" if column == Column.FAVOURITE else facts.title)
            action.setCheckable(True)
            action.setChecked(self._chosen[column])
            action.setEnabled(column != Column.NAME)
            action.toggled.connect(lambda on, column=column: self.show_column(column, on))
        menu.addSeparator()
        menu.addAction("Reset columns", self.reset_columns)
        menu.addActions(self.actions())
        return menu
