"""A section of the panel: a quiet heading with its buttons, and what stands below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

DETAIL_SIZE = 0.9
"""Second lines, as a part of the panel's font."""


class Section(QWidget):
    """A heading, buttons at its right, and a body.

    Args:
        title: of the section.
        parent: owner.
    """

    def __init__(self, *, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        unit = self.fontMetrics().height()
        self._title = title
        self._heading = plain_label(title)
        font = self._heading.font()
        font.setWeight(QFont.Weight.DemiBold)
        self._heading.setFont(font)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(unit // 4, 0, 0, 0)
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addLayout(self._buttons)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(unit // 4, unit // 2, unit // 4, unit // 2)
        self.body.setSpacing(unit // 4)
        self.body.addLayout(head)

    def add_button(self, text: str, tip: str) -> QToolButton:
        """A button at the right of the heading."""
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(f"{self._title}: {text}")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons.addWidget(button)
        return button

    def show_count(self, count: int) -> None:
        """Say in the heading how many there are."""
        self._heading.setText(f"{self._title}  {count:,}" if count else self._title)


def plain_label(text: str = "", *, detail: bool = False, wrapped: bool = False) -> QLabel:
    """A label that takes no text for markup.

    Args:
        text: what it says.
        detail: smaller and fainter.
        wrapped: over several lines, if need be.
    """
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrapped)
    if detail:
        label.setFont(detail_font(label.font()))
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def detail_font(font: QFont) -> QFont:
    """The font of second lines."""
    smaller = QFont(font)
    smaller.setPointSizeF(max(font.pointSizeF(), 1.0) * DETAIL_SIZE)
    return smaller
