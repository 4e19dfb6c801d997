"""A list below a field that proposes ways to go on and never takes the focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.desktop.models.completion import Completion
from app.desktop.models.text import plain_text


class Suggestions(QListWidget):
    """Completions below a field; a click takes one.

    Args:
        field: what it belongs to; it is hidden when the field's window moves or is left.
    """

    taken = Signal(object)

    def __init__(self, *, field: QWidget) -> None:
        super().__init__(field)
        flags = Qt.WindowType
        self.setWindowFlags(flags.ToolTip | flags.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Completions of the last phrase")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._field = field
        self._completions: tuple[Completion, ...] = ()
        self.itemClicked.connect(lambda item: self.taken.emit(self._completions[self.row(item)]))

    def propose(self, completions: Sequence[Completion]) -> None:
        """Show these below the field; without any, go away."""
        self._completions = tuple(completions)
        self.clear()
        for one in completions:
            self.addItem(self._line(plain_text(one.phrase)))
        if not completions or not self._field.isVisible():
            self.hide()
            return
        self._place()
        self._field.window().installEventFilter(self)
        self.show()

    def step(self, down: bool) -> Completion | None:
        """Mark the next one, or the one before; None when that leaves the list."""
        row = self.currentRow() + (1 if down else -1)
        self.setCurrentIndex(QModelIndex())
        if not 0 <= row < self.count():
            return None
        self.setCurrentRow(row)
        return self._completions[row]

    @property
    def marked(self) -> Completion:
        """The marked one, else the best."""
        return self._completions[max(self.currentRow(), 0)]

    def _line(self, text: str) -> QListWidgetItem:
        line = QListWidgetItem(text)
        metrics = self.fontMetrics()
        line.setSizeHint(QSize(metrics.horizontalAdvance(text), metrics.height() * 3 // 2))
        return line

    def _place(self) -> None:
        frame = 2 * self.frameWidth()
        wanted = self.sizeHintForColumn(0) + frame + 2 * self.fontMetrics().averageCharWidth()
        height = sum(self.sizeHintForRow(row) for row in range(self.count())) + frame
        width = max(self._field.width() // 2, min(wanted, self._field.width()))
        self.resize(width, height)
        self.move(self._field.mapToGlobal(self._field.rect().bottomLeft()))

    # What Qt calls

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go away when the window moves, is resized, hidden or left."""
        kinds = QEvent.Type
        if event.type() in (kinds.Move, kinds.Resize, kinds.Hide, kinds.WindowDeactivate):
            self.hide()
        return super().eventFilter(watched, event)
