"""One honest line above the table."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.desktop.theme import is_dark, lane_colour
from app.desktop.views.results.inks import mixed

WARM = 1
"""The lane whose colour warns, an orange."""


class Banner(QWidget):
    """A sign and a line of text; hidden while there is nothing to say."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName("Note on the results")
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(unit * 2 // 3, unit // 3, unit // 2, unit // 3)
        row.setSpacing(unit // 2)
        row.addWidget(Sign(parent=self), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Say something; an empty text hides the banner."""
        self._label.setText(text)
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A warm ground, a line below."""
        with QPainter(self) as painter:
            window, warm = self.palette().window().color(), warm_colour(self)
            painter.fillRect(self.rect(), mixed(warm, window, 0.12))
            painter.fillRect(
                QRectF(0, self.height() - 1, self.width(), 1), mixed(warm, window, 0.35)
            )


class Sign(QWidget):
    """A drawn "i" in a circle, as large as the font asks for."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        side = self.fontMetrics().height()
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A circle, a stem and a dot."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = float(self.width())
            middle = side / 2
            pen = QPen(warm_colour(self), side / 11)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawEllipse(QPointF(middle, middle), 0.42 * side, 0.42 * side)
            painter.drawLine(QPointF(middle, 0.48 * side), QPointF(middle, 0.70 * side))
            painter.drawPoint(QPointF(middle, 0.30 * side))


def warm_colour(widget: QWidget) -> QColor:
    """What notes are drawn in."""
    return lane_colour(WARM, dark=is_dark(widget.palette()))
