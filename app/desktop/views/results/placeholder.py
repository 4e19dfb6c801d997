"""What stands where there are no rows: a calm text that says what to do, and buttons for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

SIZE = 1.25
"""Of the text, as a part of the font."""


class Placeholder(QWidget):
    """A text in the middle, buttons below it.

    Signals:
        remedy_chosen: the text of the button that was pressed.
    """

    remedy_chosen = Signal(str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * SIZE)
        self._label.setFont(font)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._buttons = QHBoxLayout()
        unit = self.fontMetrics().height()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(unit)
        column.addStretch()
        column.addWidget(self._label)
        column.addLayout(self._buttons)
        column.addStretch()
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Nothing to show")

    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str, remedies: Sequence[str] = ()) -> None:
        """Say why there is nothing, and offer what helps."""
        self._label.setText(text)
        self.setAccessibleDescription(text)
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._buttons.addStretch()
        for remedy in remedies:
            button = QPushButton(remedy)
            button.clicked.connect(lambda _, remedy=remedy: self.remedy_chosen.emit(remedy))
            self._buttons.addWidget(button)
        self._buttons.addStretch()
