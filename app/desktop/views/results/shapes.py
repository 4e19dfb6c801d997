"""Small shapes in the cells and the header."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def paint_triangle(
    painter: QPainter, middle: QPointF, side: float, ink: QColor, *, turned: float
) -> None:
    """A small triangle that points to the right, turned clockwise by so many degrees."""
    half = side / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.translate(middle)
    painter.rotate(turned)
    corners = [(-0.7 * half, -half), (0.7 * half, 0.0), (-0.7 * half, half)]
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.restore()


def paint_bar(painter: QPainter, bar: QRectF, share: float, ink: QColor, track: QColor) -> None:
    """A bar, full so far."""
    painter.fillRect(bar, track)
    filled = QRectF(bar)
    filled.setWidth(min(1.0, max(0.0, share)) * bar.width())
    painter.fillRect(filled, ink)


def paint_hollow(painter: QPainter, bar: QRectF, share: float, ink: QColor, track: QColor) -> None:
    """The outline of a bar: the phrase was not found, though this near to it."""
    painter.fillRect(bar, track)
    filled = bar.adjusted(0.5, 0.5, -0.5, -0.5)
    filled.setWidth(max(2.0, min(1.0, max(0.0, share)) * filled.width()))
    painter.setPen(QPen(ink, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(filled)


def star(middle: QPointF, radius: float) -> QPolygonF:
    """Five points."""
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else 0.45 * radius
        angle = math.pi * corner / 5
        corners.append(middle + QPointF(reach * math.sin(angle), -reach * math.cos(angle)))
    return QPolygonF(corners)
