"""A small frame below a button, with an editor in it and a button that applies it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget


class Popover(QFrame):
    """Shows one editor; Enter or its button applies, Escape or a click elsewhere leaves.

    Args:
        title: above the editor.
        editor: what is edited.
        button: the text of the button.
        parent: owner, below which it opens.
    """

    applied = Signal()

    def __init__(self, *, title: str, editor: QWidget, button: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(title)
        self._owner = parent
        self._editor = editor
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self.apply_button = QPushButton(button)
        self.apply_button.setAccessibleName(button)
        self.apply_button.setToolTip(f"{button} (Enter)")
        self.apply_button.setDefault(True)
        self.apply_button.clicked.connect(self.apply)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(editor)
        layout.addWidget(self.apply_button, alignment=Qt.AlignmentFlag.AlignRight)

    def open_at(self, place: QPoint) -> None:
        """Show it with its upper left corner at a place, or as near as window and screen allow."""
        self.adjustSize()
        self.move(self._nearest_to(place))
        self.show()
        self._editor.setFocus(Qt.FocusReason.TabFocusReason)  # with all of it selected

    def _nearest_to(self, place: QPoint) -> QPoint:
        room = self._owner.screen().availableGeometry()
        rightmost = min(room.right(), self._owner.window().geometry().right()) - self.width() + 1
        lowest = room.bottom() - self.height() + 1
        x, y = min(place.x(), rightmost), min(place.y(), lowest)
        return QPoint(max(room.left(), x), max(room.top(), y))

    def apply(self) -> None:
        """Take what was edited, and go."""
        self.applied.emit()
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, which editors leave to what they stand in, applies."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        else:
            super().keyPressEvent(event)
