"""Drags of sounds out of the table: copies only, with a card at the pointer."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt
from PySide6.QtGui import QDrag, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.desktop.models.text import plain_text
from app.desktop.views.results.inks import inks_of
from app.plain import counted

WIDEST = 22
"""In heights of a line."""


def drag_out(widget: QWidget, mime: QMimeData) -> None:
    """Let files out, if there are any; returns when they are dropped."""
    names = [url.fileName() for url in mime.urls()]
    if not names:
        return
    drag = QDrag(widget)
    drag.setMimeData(mime)
    text = plain_text(names[0]) if len(names) == 1 else counted(len(names), "sound")
    drag.setPixmap(drag_picture(widget, text))
    drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)


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
