"""What is seen over the panel while folders are dragged above it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

VEIL = 215
"""How much of the panel it hides, of 255."""


class DropHint(QWidget):
    """A veil that says what a drop will do; covers its parent while it is shown."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it over all of its parent."""
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw veil, frame and words."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            unit = self.fontMetrics().height()
            veil = QColor(self.palette().color(QPalette.ColorRole.Window))
            veil.setAlpha(VEIL)
            painter.fillRect(self.rect(), veil)
            accent = self.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(accent, max(unit / 10, 1.0), Qt.PenStyle.DashLine))
            inner = self.rect().adjusted(unit // 2, unit // 2, -unit // 2, -unit // 2)
            painter.drawRoundedRect(inner, unit / 2, unit / 2)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, "Drop to add to the library")
