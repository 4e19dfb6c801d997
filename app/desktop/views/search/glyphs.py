"""Small buttons with a drawn sign, in the colour of the text whatever the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolButton

from app.desktop.views.search.pills import mixed

Glyph = Callable[[], QPainterPath]
"""Lines in a square from -1 to 1."""


def back() -> QPainterPath:
    """An arrow to the left."""
    return _lines([(0.0, -0.7), (-0.7, 0.0), (0.0, 0.7)], [(-0.7, 0.0), (0.8, 0.0)])


def forward() -> QPainterPath:
    """An arrow to the right."""
    return _lines([(0.0, -0.7), (0.7, 0.0), (0.0, 0.7)], [(0.7, 0.0), (-0.8, 0.0)])


def bookmark() -> QPainterPath:
    """A ribbon."""
    return _lines([(-0.5, -0.8), (0.5, -0.8), (0.5, 0.8), (0.0, 0.3), (-0.5, 0.8), (-0.5, -0.8)])


def magnifier() -> QPainterPath:
    """A glass with a handle."""
    path = _lines([(0.28, 0.28), (0.8, 0.8)])
    path.addEllipse(QPointF(-0.2, -0.2), 0.62, 0.62)
    return path


def paint_glyph(painter: QPainter, glyph: Glyph, rect: QRectF, colour: QColor) -> None:
    """Paint the lines into the largest square in the middle."""
    scale = min(rect.width(), rect.height()) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center())
    painter.scale(scale, scale)
    pen = QPen(colour, 1.4)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(glyph())
    painter.restore()


class GlyphButton(QToolButton):
    """A flat button.

    Args:
        glyph: its sign.
        name: for people who cannot see it.
        tip: what it does, and its key.
    """

    def __init__(self, *, glyph: Glyph, name: str, tip: str) -> None:
        super().__init__()
        self._glyph = glyph
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """A square somewhat higher than the font."""
        side = self.fontMetrics().height() * 8 // 5
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The flat button of the style, and the sign."""
        super().paintEvent(event)
        roles = QPalette.ColorRole
        text, window = self.palette().color(roles.WindowText), self.palette().color(roles.Window)
        colour = mixed(text, window, 0.15 if self.isEnabled() else 0.75)
        inset = self.height() * 0.26
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        with QPainter(self) as painter:
            paint_glyph(painter, self._glyph, rect, colour)


def _lines(*strokes: list[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath()
    for start, *rest in strokes:
        path.moveTo(*start)
        for point in rest:
            path.lineTo(*point)
    return path
