"""Paints entries: a title and, fainter and smaller, a line below it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop.models.entries import EntryRole
from app.desktop.views.library.section import detail_font

Index = QModelIndex | QPersistentModelIndex


class EntryPainter(QStyledItemDelegate):
    """Draws every row of a list alike, so that long lists need not be measured."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as one or two lines, as wide as there is room."""
        metrics = option.fontMetrics
        height = metrics.height() + metrics.height() // 2
        if index.data(EntryRole.DETAIL):
            height += QFontMetrics(detail_font(option.font)).height()
        return QSize(metrics.height() * 4, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row; it looks selected only while the keys go there."""
        row = QStyleOptionViewItem(option)
        self.initStyleOption(row, index)
        chosen = bool(row.state & QStyle.StateFlag.State_Selected) and row.widget.hasFocus()
        if not chosen:
            row.state &= ~QStyle.StateFlag.State_Selected
        row.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem,
            row,
            painter,
            row.widget,
        )
        painter.save()
        self._draw_lines(painter, row, index, chosen)
        painter.restore()

    def _draw_lines(
        self, painter: QPainter, row: QStyleOptionViewItem, index: Index, chosen: bool
    ) -> None:
        faint = QPalette.ColorRole.PlaceholderText
        plain = faint if index.data(EntryRole.MUTED) else QPalette.ColorRole.Text
        if chosen:
            faint = plain = QPalette.ColorRole.HighlightedText
        unit = row.fontMetrics.height()
        area = row.rect.adjusted(unit // 4, unit // 4, -unit // 4, -unit // 4)
        title, detail = index.data(), index.data(EntryRole.DETAIL)
        top = QRect(area.left(), area.top(), area.width(), unit)
        painter.setFont(row.font)
        painter.setPen(row.palette.color(plain))
        _draw_elided(painter, top, title)
        if detail:
            painter.setFont(detail_font(row.font))
            painter.setPen(row.palette.color(faint))
            _draw_elided(painter, area.adjusted(0, unit, 0, 0), detail)


def _draw_elided(painter: QPainter, area: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
