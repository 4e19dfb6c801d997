"""What hangs at the pointer while sounds are dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.desktop.views.results.inks import inks_of

WIDEST = 22
"""In heights of a line."""


def drag_picture(widget: QWidget, text: str) -> QPixmap:
    """A small card with a text, in the widget's font and colours."""
    metrics, scale = widget.fontMetrics(), widget.devicePixelRatioF()
    unit = metrics.height()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, WIDEST * unit)
    size = QSize(metrics.horizontalAdvance(shown) + 2 * unit, unit * 8 // 5)
    picture = QPixmap(size * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    inks = inks_of(widget.palette())
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(widget.font())
    card = QRectF(0.5, 0.5, size.width() - 1, size.height() - 1)
    painter.setPen(QPen(inks.mark, 1.0))
    painter.setBrush(inks.chosen)
    painter.drawRoundedRect(card, unit / 4, unit / 4)
    painter.setPen(inks.text)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)
    painter.end()
    return picture
