"""The command palette: every command by a few letters of its name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

_ACTION = Qt.ItemDataRole.UserRole
_NATIVE = QKeySequence.SequenceFormat.NativeText
ROW_HEIGHT = 1.5
"""As a part of the font's height."""

MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
RUNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def rank(pattern: str, text: str) -> int | None:
    """How well letters typed fit a text, lower is better; None when they do not.

    The letters must come in order. One that follows its neighbour costs nothing, one that begins
    a word costs 1, any other as much as the letters left out before it and 1; of all ways to find
    the letters the cheapest counts.
    """
    text = text.lower()
    costs = {-1: 0}  # of the letters so far, by the place of the last one
    for letter in "".join(pattern.lower().split()):
        costs = {
            place: min(
                cost + _gap(text, last, place) for last, cost in costs.items() if last < place
            )
            for place in range(min(costs, default=len(text)) + 1, len(text))
            if text[place] == letter
        }
    return min(costs.values(), default=None)


def _gap(text: str, last: int, place: int) -> int:
    if place == last + 1:
        return 0
    return place - last if text[place - 1].isalnum() else 1


class CommandPalette(QDialog):
    """A field and the commands that fit it, the best first.

    Commands that make no sense at the moment are there too, greyed: so the person finds out that
    they exist, and by which key.

    Args:
        actions: by id.
        parent: the window over which it opens.
    """

    def __init__(self, *, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self._actions = actions
        self._field = QLineEdit()
        self._field.setPlaceholderText("Type a command")
        self._field.setAccessibleName("Command")
        self._field.setToolTip("A few letters of a command; Enter runs the one that is marked")
        self._field.setClearButtonEnabled(True)
        self._list = _list()
        layout = QVBoxLayout(self)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        unit = self.fontMetrics().height()
        self.resize(26 * unit, 24 * unit)
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._list.currentItemChanged.connect(self._describe)
        self._list.itemActivated.connect(self._run)
        self._fill("")

    def _fill(self, pattern: str) -> None:
        self._list.clear()
        fits = [
            (cost, action)
            for action in self._actions.values()
            if (cost := rank(pattern, action.text())) is not None
        ]
        height = round(ROW_HEIGHT * self.fontMetrics().height())
        for _, action in sorted(fits, key=lambda fit: fit[0]):
            self._list.addTopLevelItem(_item(action, height))
        best = self._list.topLevelItem(0)
        if best is not None:
            self._list.setCurrentItem(best)  # Qt marks no greyed one, so Enter runs nothing else

    def _describe(self, item: QTreeWidgetItem | None) -> None:
        """Let a screen reader say what Enter would run, though the focus is in the field."""
        self._field.setAccessibleDescription(f"{item.text(0)} {item.text(1)}" if item else "")

    def _run(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not item.isDisabled():
            action: QAction = item.data(0, _ACTION)
            self.accept()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the field move in the list, Enter runs."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self._field and pressed and isinstance(event, QKeyEvent):
            if event.key() in MOVES:
                self._list.event(event)
                return True
            if event.key() in RUNS:
                self._run(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)


def _list() -> QTreeWidget:
    commands = QTreeWidget()
    commands.setColumnCount(2)
    commands.setHeaderHidden(True)
    commands.setRootIsDecorated(False)
    commands.setUniformRowHeights(True)
    commands.setAllColumnsShowFocus(True)
    commands.setFrameShape(QFrame.Shape.NoFrame)
    commands.setAccessibleName("Matching commands")
    commands.header().setStretchLastSection(False)
    commands.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    commands.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return commands


def _item(action: QAction, height: int) -> QTreeWidgetItem:
    item = QTreeWidgetItem([action.text(), action.shortcut().toString(_NATIVE)])
    item.setSizeHint(0, QSize(0, height))
    item.setData(0, _ACTION, action)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(0, action.statusTip())
    item.setDisabled(not action.isEnabled())
    return item
