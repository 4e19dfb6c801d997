"""A line of text that is cut in its middle where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.models.entries import tip_text
from app.desktop.models.text import plain_text
from app.desktop.views.library.section import detail_font


class ElidedLine(QWidget):
    """A faint line for a path; all of it stands in the tooltip."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(detail_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text = ""

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show a text, made plain."""
        self._text = plain_text(text)
        self.setToolTip(tip_text((self._text,)) if self._text else "")
        self.setAccessibleDescription(self._text)
        self.update()

    def sizeHint(self) -> QSize:
        """One line, as wide as there is room."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is room for."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            shown = self.fontMetrics().elidedText(
                self._text, Qt.TextElideMode.ElideMiddle, self.width()
            )
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), align, shown)
