"""What all cells share: the ground that they stand on, their margins, their text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView

from app.desktop.models.cells import Role
from app.desktop.models.lines import Line
from app.desktop.views.results.inks import Inks

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Spot:
    """Where a cell is drawn, with what, and what it tells of.

    Attributes:
        painter: draws.
        option: as Qt wants the cell: its place, font and state.
        index: of the cell.
        inner: its place without the margins.
        inks: the colours.
        line: of the results; None while its page is elsewhere.
    """

    painter: QPainter
    option: QStyleOptionViewItem
    index: Index
    inner: QRectF
    inks: Inks
    line: Line | None

    @property
    def text_height(self) -> int:
        """Of a line of text; other measures go by it."""
        return self.option.fontMetrics.height()


def margin(option: QStyleOptionViewItem) -> int:
    """Left and right of what a cell holds."""
    return max(3, option.fontMetrics.height() * 2 // 5)


def paint_ground(spot: Spot) -> None:
    """The colour of selected rows, the edge of the one with the keys, hairlines."""
    painter, option, inks = spot.painter, spot.option, spot.inks
    states = QStyle.StateFlag
    if option.state & states.State_Selected:
        chosen = inks.chosen if option.state & states.State_Active else inks.chosen_away
        painter.fillRect(option.rect, chosen)
    bottom = QRectF(option.rect)
    bottom.setTop(bottom.bottom() - 1)
    painter.fillRect(bottom, inks.line)
    if spot.index.data(Role.BEGINS_GUESSES):
        top = QRectF(option.rect)
        top.setHeight(1)
        painter.fillRect(top, inks.quiet)
    if _has_keys(option, spot.index):
        edge = QRectF(option.rect)
        edge.setWidth(max(2.0, spot.text_height / 6))
        painter.fillRect(edge, inks.mark)


def _has_keys(option: QStyleOptionViewItem, index: Index) -> bool:
    """Whether the cell begins the row that the keys are on."""
    view = option.widget
    if not isinstance(view, QTableView) or not view.hasFocus():
        return False
    begins = view.horizontalHeader().sectionPosition(index.column()) == 0
    return begins and view.currentIndex().row() == index.row()


def paint_text(spot: Spot, *, inner: QRectF | None = None) -> None:
    """The text of a cell, cut in its middle where there is no room: endings tell names apart.

    Args:
        spot: the cell.
        inner: the part of it that the text may have; all by default.
    """
    room = spot.inner if inner is None else inner
    text = spot.option.fontMetrics.elidedText(
        str(spot.index.data() or ""), Qt.TextElideMode.ElideMiddle, int(room.width())
    )
    spot.painter.setFont(spot.option.font)
    alignment = spot.index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter
    spot.painter.drawText(room, int(alignment) | Qt.TextFlag.TextSingleLine, text)
