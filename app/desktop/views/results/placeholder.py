"""What stands where there are no rows: a calm text that says what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

SIZE = 1.25
"""Of the text, as a part of the font."""


class Placeholder(QLabel):
    """A text in the middle."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * SIZE)
        self.setFont(font)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setMargin(2 * self.fontMetrics().height())
        self.setAccessibleName("Nothing to show")

    def show_text(self, text: str) -> None:
        """Say why there is nothing, and what to do."""
        self.setText(text)
        self.setAccessibleDescription(text)
