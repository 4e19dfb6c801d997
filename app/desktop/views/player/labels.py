"""Texts of the player's bar."""

from __future__ import annotations

import html

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.desktop.views.player.glyphs import draw_glyph, warning_glyph


class ElidedLabel(QLabel):
    """One line of plain text, cut in the middle where it is too long, whole in the tooltip."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Sound")

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setToolTip(html.escape(text))
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """It gives way to everything else."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as there is room for."""
        del event
        with QPainter(self) as painter:
            rect = self.contentsRect()
            shown = self.fontMetrics().elidedText(
                self._whole, Qt.TextElideMode.ElideMiddle, rect.width()
            )
            role = (
                QPalette.ColorRole.WindowText
                if self.isEnabled()
                else QPalette.ColorRole.PlaceholderText
            )
            painter.setPen(self.palette().color(role))
            painter.drawText(
                rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
            )


class TroubleLine(QWidget):
    """A warning sign and a text; takes no room while there is none."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setAccessibleName("Playback problem")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        unit = self.fontMetrics().height()
        layout.setContentsMargins(round(1.6 * unit), 0, 0, 0)
        layout.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._text.text()

    def show_text(self, text: str) -> None:
        """Show a text, or nothing."""
        self._text.setText(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sign before the text."""
        del event
        with QPainter(self) as painter:
            painter.setBrush(self.palette().brush(QPalette.ColorRole.WindowText))
            side = self.fontMetrics().height() * 0.95
            top = (self.height() - side) / 2
            draw_glyph(painter, warning_glyph(), QRectF(side * 0.35, top, side, side))
