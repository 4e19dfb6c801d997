"""The player's buttons: outlines that take their colour from the palette, at any resolution."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPalette,
    QPolygonF,
)
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

STROKE = 0.1
"""Width of lines, as a part of the glyph."""


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _lines(path: QPainterPath) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(STROKE)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)


def play_glyph() -> QPainterPath:
    """A triangle that points to what comes."""
    return _polygon((0.24, 0.12), (0.88, 0.5), (0.24, 0.88))


def pause_glyph() -> QPainterPath:
    """Two bars."""
    path = QPainterPath()
    for left in (0.2, 0.58):
        path.addRoundedRect(QRectF(left, 0.14, 0.22, 0.72), 0.05, 0.05)
    return path


def stop_glyph() -> QPainterPath:
    """A square."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(0.2, 0.2, 0.6, 0.6), 0.06, 0.06)
    return path


def loop_glyph() -> QPainterPath:
    """A lying track with an arrow on either side."""
    track = QPainterPath()
    track.moveTo(0.1, 0.5)
    track.arcTo(QRectF(0.1, 0.26, 0.44, 0.44), 180, -90)
    track.lineTo(0.68, 0.26)
    back = QPainterPath()
    back.moveTo(0.9, 0.5)
    back.arcTo(QRectF(0.46, 0.3, 0.44, 0.44), 0, -90)
    back.lineTo(0.32, 0.74)
    forward_head = _polygon((0.66, 0.08), (0.9, 0.26), (0.66, 0.44))
    back_head = _polygon((0.34, 0.56), (0.1, 0.74), (0.34, 0.92))
    return _lines(track) + _lines(back) + forward_head + back_head


def speaker_glyph() -> QPainterPath:
    """A loudspeaker and two waves."""
    waves = QPainterPath()
    for radius in (0.16, 0.32):
        around = QRectF(0.5 - radius, 0.5 - radius, 2 * radius, 2 * radius)
        waves.arcMoveTo(around, -48)
        waves.arcTo(around, -48, 96)
    cone = _polygon(
        (0.06, 0.36), (0.22, 0.36), (0.46, 0.14), (0.46, 0.86), (0.22, 0.64), (0.06, 0.64)
    )
    return cone + _lines(waves)


def warning_glyph() -> QPainterPath:
    """An exclamation mark cut out of a triangle."""
    path = _polygon((0.5, 0.08), (0.96, 0.9), (0.04, 0.9))
    path.addRoundedRect(QRectF(0.455, 0.36, 0.09, 0.28), 0.04, 0.04)
    path.addEllipse(QRectF(0.445, 0.7, 0.11, 0.11))
    return path


def draw_glyph(painter: QPainter, path: QPainterPath, square: QRectF) -> None:
    """Fill a glyph into a square with the painter's brush."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.translate(square.topLeft())
    painter.scale(square.width(), square.height())
    painter.drawPath(path)
    painter.restore()


class GlyphButton(QToolButton):
    """A flat button with a glyph.

    Args:
        glyph: makes its outline in a square of side 1.
        name: what it does, for screen readers.
        tip: what it does, with its key.
        parent: owner.
    """

    def __init__(
        self,
        *,
        glyph: Callable[[], QPainterPath],
        name: str,
        tip: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = glyph()
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(tip)

    def show_glyph(self, glyph: Callable[[], QPainterPath], *, name: str, tip: str) -> None:
        """Mean something else from now on."""
        self._path = glyph()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.update()

    def sizeHint(self) -> QSize:
        """A square by the font."""
        side = round(self.fontMetrics().height() * 1.8)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """No smaller."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's button, and the glyph on it."""
        del event
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        side = self.fontMetrics().height() * 0.95
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(self.rect()).center())
        painter.setBrush(self.palette().brush(self._group(), self._role()))
        draw_glyph(painter, self._path, square)

    def _group(self) -> QPalette.ColorGroup:
        return QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled

    def _role(self) -> QPalette.ColorRole:
        return QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.ButtonText
