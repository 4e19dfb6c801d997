"""Pills for a search by example, and for captions to begin with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.desktop.models.text import plain_text
from app.desktop.views.search.pills import CrossedPill, Pill, tip


class ExamplePill(CrossedPill):
    """Says that sounds like this one are shown; a click, on its cross or elsewhere, ends that."""

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(self.removed)
        self.hide()

    def show_name(self, name: str | None) -> None:
        """The name of the sound; None when there is none."""
        self.setVisible(name is not None)
        if name is not None:
            self.setText(f"sounds like {plain_text(name)}")
            self.setAccessibleName(self.text())
            self.setToolTip(tip(self.text(), "Click, or Del, to search by words again."))
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del removes."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class CaptionPill(Pill):
    """A caption to begin with.

    Args:
        caption: what a click searches for.
    """

    chosen = Signal(str)

    def __init__(self, *, caption: str) -> None:
        super().__init__()
        self.setText(plain_text(caption))
        self.setAccessibleName(f"Try: {self.text()}")
        self.setToolTip(tip(f"Search for “{self.text()}”"))
        self.clicked.connect(lambda: self.chosen.emit(caption))
