"""A thin line that moves while an answer is awaited."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

THICKNESS_PX = 3
ROUND_MS = 1200
LENGTH = 0.25
"""Of what moves, as a part of the line."""


class BusyLine(QWidget):
    """Says that something is being done, not how much of it; hidden at first."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(THICKNESS_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Searching")
        self._round = QVariantAnimation(self)
        self._round.setDuration(ROUND_MS)
        self._round.setLoopCount(-1)
        self._round.setStartValue(-LENGTH)
        self._round.setEndValue(1.0)
        self._round.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._round.valueChanged.connect(self.update)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """It moves only while it is seen."""
        super().showEvent(event)
        self._round.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """It rests."""
        super().hideEvent(event)
        self._round.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A short stretch of the line, on its way from left to right."""
        del event
        left = float(self._round.currentValue())
        with QPainter(self) as painter:
            stretch = QRectF(left * self.width(), 0, LENGTH * self.width(), self.height())
            painter.fillRect(stretch, self.palette().highlight())
