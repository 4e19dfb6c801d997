"""What all cells share: the ground that they stand on, their margins, their text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView

from app.desktop.models.cells import Role
from app.desktop.views.results.inks import Inks

Index = QModelIndex | QPersistentModelIndex


def margin(option: QStyleOptionViewItem) -> int:
    """Left and right of what a cell holds."""
    return max(3, option.fontMetrics.height() * 2 // 5)


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, inks: Inks) -> None:
    """The colour of selected rows, the edge of the one with the keys, hairlines."""
    states = QStyle.StateFlag
    if option.state & states.State_Selected:
        chosen = inks.chosen if option.state & states.State_Active else inks.chosen_away
        painter.fillRect(option.rect, chosen)
    bottom = QRectF(option.rect)
    bottom.setTop(bottom.bottom() - 1)
    painter.fillRect(bottom, inks.line)
    if index.data(Role.BEGINS_GUESSES):
        top = QRectF(option.rect)
        top.setHeight(1)
        painter.fillRect(top, inks.quiet)
    if _has_keys(option, index):
        edge = QRectF(option.rect)
        edge.setWidth(max(2.0, option.fontMetrics.height() / 6))
        painter.fillRect(edge, inks.mark)


def _has_keys(option: QStyleOptionViewItem, index: Index) -> bool:
    """Whether the cell begins the row that the keys are on."""
    view = option.widget
    if not isinstance(view, QTableView) or not view.hasFocus():
        return False
    begins = view.horizontalHeader().sectionPosition(index.column()) == 0
    return begins and view.currentIndex().row() == index.row()


def paint_text(
    painter: QPainter, option: QStyleOptionViewItem, index: Index, inner: QRectF
) -> None:
    """The text of a cell, cut in its middle where there is no room: endings tell names apart."""
    text = option.fontMetrics.elidedText(
        str(index.data() or ""), Qt.TextElideMode.ElideMiddle, int(inner.width())
    )
    painter.setFont(option.font)
    alignment = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inner, int(alignment) | Qt.TextFlag.TextSingleLine, text)
