"""Where the words of phrases stand in a line edit, and lines under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextLine
from PySide6.QtWidgets import QLineEdit

from app.desktop.theme import is_dark, lane_colour
from app.desktop.views.search.taming import units
from tokenalign.query import Query

Mark = tuple[int, QRectF]
"""Index of a phrase, and where its words stand."""


def marks(field: QLineEdit, query: Query, cursor_x: float) -> Iterator[Mark]:
    """The phrases of a query that the field still holds at the same place.

    Args:
        field: shows the caption, or what it has become meanwhile.
        query: what was understood of the caption.
        cursor_x: where the field paints its cursor: tells how far the text is scrolled.
    """
    text = field.text()
    layout = QTextLayout(text, field.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    if not line.isValid():
        return
    origin = cursor_x - _x(line, field.cursorPosition())
    height = field.fontMetrics().height()
    top = (field.height() - height) / 2
    for index, phrase in enumerate(query.phrases):
        if text[phrase.start_char : phrase.end_char] == phrase.text:
            places = (phrase.start_char, phrase.end_char)
            start, end = (origin + _x(line, units(text[:place])) for place in places)
            yield index, QRectF(min(start, end), top, abs(end - start), height)


def mark_at(found: Iterator[Mark], point: QPoint) -> int:
    """Index of the phrase at a point; -1 if there is none."""
    return next((index for index, rect in found if rect.left() <= point.x() < rect.right()), -1)


def paint_marks(field: QLineEdit, found: Iterator[Mark], *, lit: int) -> None:
    """A line under each phrase; the lit one stands on its lane's colour."""
    painter = QPainter(field)
    margins = field.textMargins()
    painter.setClipRect(field.contentsRect().adjusted(margins.left(), 0, -margins.right(), 0))
    dark = is_dark(field.palette())
    for index, rect in found:
        colour = lane_colour(index, dark=dark)
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1.5), colour)
        if index == lit:
            veil = QColor(colour)
            veil.setAlphaF(0.25)
            painter.fillRect(rect, veil)


def _x(line: QTextLine, place: int) -> float:
    """Where a place in the text is, from the beginning of the line."""
    found: Any = line.cursorToX(place)  # typed as an object
    return float(found[0] if isinstance(found, tuple) else found)
