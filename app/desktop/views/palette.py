"""The command palette: every command by a few letters of its name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

_ACTION = Qt.ItemDataRole.UserRole


def rank(pattern: str, text: str) -> int | None:
    """How well letters typed fit a text, lower is better; None when they do not.

    The letters must come in order; those at the beginnings of words and side by side fit best.
    """
    pattern, lower = "".join(pattern.lower().split()), text.lower()
    place, cost = -1, 0
    for letter in pattern:
        found = lower.find(letter, place + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not lower[found - 1].isalnum()
        cost += 0 if found == place + 1 or starts_word else found - place
        place = found
    return cost


class CommandPalette(QDialog):
    """A field and the commands that fit it, the best first.

    Args:
        actions: by id.
        parent: the window over which it opens.
    """

    def __init__(self, *, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self._actions = actions
        self._field = QLineEdit(placeholderText="Type a command")
        self._field.setAccessibleName("Command")
        self._list = QTreeWidget(columnCount=2, headerHidden=True, rootIsDecorated=False)
        self._list.setAccessibleName("Commands that fit")
        layout = QVBoxLayout(self)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        unit = self.fontMetrics().height()
        self.resize(30 * unit, 24 * unit)
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._list.itemActivated.connect(lambda item: self._run(item))
        self._fill("")

    def _fill(self, pattern: str) -> None:
        self._list.clear()
        fits = []
        for action in self._actions.values():
            cost = rank(pattern, action.text())
            if cost is not None and action.isEnabled():
                fits.append((cost, len(fits), action))
        for _, _, action in sorted(fits)[:40] if pattern else fits:
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QTreeWidgetItem([action.text(), keys])
            item.setData(0, _ACTION, action)
            self._list.addTopLevelItem(item)
        self._list.resizeColumnToContents(0)
        if self._list.topLevelItemCount():
            self._list.setCurrentItem(self._list.topLevelItem(0))

    def _run(self, item: QTreeWidgetItem | None) -> None:
        self.accept()
        if item is not None:
            item.data(0, _ACTION).trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move in the list, Enter runs."""
        if watched is self._field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                    self._list.event(event)
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._run(self._list.currentItem())
                    return True
        return super().eventFilter(watched, event)
