"""Pills: the rounded buttons of the search bar. Chips and suggestions are made of them."""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

FEWEST_CHARACTERS, MOST_CHARACTERS = 3, 60
"""Widths of a pill's text, in average characters; a longer text is cut in the middle."""


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two: `share` of the other."""
    red, green, blue = (
        round((1 - share) * first + share * second)
        for first, second in (
            (one.red(), other.red()),
            (one.green(), other.green()),
            (one.blue(), other.blue()),
        )
    )
    return QColor(red, green, blue)


def dimmed(palette: QPalette, share: float = 0.4) -> QColor:
    """The colour of small words beside the text."""
    roles = QPalette.ColorRole
    return mixed(palette.color(roles.WindowText), palette.color(roles.Window), share)


def tip(*lines: str) -> str:
    """A tooltip of plain lines: Qt would guess, and a text could look like markup."""
    return "<qt>" + "<br/>".join(html.escape(line) for line in lines if line) + "</qt>"


class Pill(QAbstractButton):
    """A rounded button as high as the font wants; subclasses paint and measure their inside."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def unit(self) -> int:
        """What distances follow: half the height of the font."""
        return self.fontMetrics().height() // 2

    def inside_width(self) -> int:
        """Width of what stands between the round ends."""
        return self.text_width(self.text())

    def text_width(self, text: str) -> int:
        """Width of a text, at most that of MOST_CHARACTERS."""
        metrics = self.fontMetrics()
        widest = MOST_CHARACTERS * metrics.averageCharWidth()
        return min(metrics.horizontalAdvance(text) + 1, widest)

    def pill_rect(self) -> QRect:
        """Where the pill is."""
        return self.rect()

    def sizeHint(self) -> QSize:
        """As wide as the inside, one and three quarters of the font high."""
        outside = self.rect().width() - self.pill_rect().width()
        return QSize(
            self.inside_width() + 2 * self.unit + outside, self.fontMetrics().height() + self.unit
        )

    def minimumSizeHint(self) -> QSize:
        """A few characters wide."""
        narrow = FEWEST_CHARACTERS * self.fontMetrics().averageCharWidth() + 2 * self.unit
        return QSize(narrow, self.sizeHint().height())

    def fill(self) -> QColor:
        """The colour of the pill."""
        palette = self.palette()
        strength = 0.14 if self.isDown() else 0.1 if self.underMouse() else 0.05
        roles = QPalette.ColorRole
        plain = mixed(palette.color(roles.Base), palette.color(roles.Text), strength)
        return mixed(plain, palette.color(roles.Highlight), 0.35) if self.isChecked() else plain

    def edge(self) -> QColor:
        """The colour of the outline."""
        palette = self.palette()
        if self.hasFocus() or self.isChecked():
            return palette.color(QPalette.ColorRole.Highlight)
        roles = QPalette.ColorRole
        return mixed(palette.color(roles.Window), palette.color(roles.Text), 0.22)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pill and what is in it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = QRectF(self.pill_rect()).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.setBrush(self.fill())
            painter.setPen(QPen(self.edge(), 1.6 if self.hasFocus() else 1.0))
            radius = outline.height() / 2
            painter.drawRoundedRect(outline, radius, radius)
            self.paint_inside(painter, self.pill_rect().adjusted(self.unit, 0, -self.unit, 0))

    def paint_inside(self, painter: QPainter, rect: QRect) -> None:
        """Paint what stands between the round ends: the text."""
        self.paint_text(painter, rect, self.text(), self.palette().color(QPalette.ColorRole.Text))

    def paint_text(self, painter: QPainter, rect: QRect, text: str, colour: QColor) -> None:
        """Paint a text, cut in the middle where it does not fit."""
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.setPen(colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class CrossedPill(Pill):
    """A pill that ends in a cross; `on_cross` tells a click on that from one on the rest."""

    def cross_rect(self) -> QRect:
        """Where the cross can be clicked."""
        rect = self.pill_rect()
        rect.setLeft(rect.right() - 2 * self.unit - self.unit // 2)
        return rect

    def inside_width(self) -> int:
        """The text, a gap and the cross."""
        return super().inside_width() + 2 * self.unit

    def paint_inside(self, painter: QPainter, rect: QRect) -> None:
        """The text and the cross."""
        super().paint_inside(painter, rect.adjusted(0, 0, -2 * self.unit, 0))
        self._paint_cross(painter)

    def on_cross(self, event: QMouseEvent) -> bool:
        """Whether a click was on the cross."""
        return self.cross_rect().contains(event.position().toPoint())

    def _paint_cross(self, painter: QPainter) -> None:
        middle = QPointF(self.pill_rect().right() - 1.2 * self.unit, self.height() / 2)
        arm = self.unit * 0.38
        path = QPainterPath()
        for slope in (1, -1):
            path.moveTo(middle + QPointF(-arm, -slope * arm))
            path.lineTo(middle + QPointF(arm, slope * arm))
        painter.setPen(QPen(dimmed(self.palette(), 0.25), 1.3))
        painter.drawPath(path)
