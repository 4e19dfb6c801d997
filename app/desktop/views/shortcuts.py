"""The sheet of keys, made from the same table as the menus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.desktop.actions import Command, native_keys

ROW_HEIGHT = 1.4
"""As a part of the font's height."""

MOST_OF_SCREEN = 0.9
"""So that there is room for the frame that the system draws around it."""

LAST = 2
"""The column that takes the room that is left."""

Groups = list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]]


class ShortcutSheet(QDialog):
    """All keys by group, and a field that leaves those with all the words typed.

    Args:
        commands: the table.
        parent: the window over which it opens.
    """

    def __init__(self, *, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self._field = QLineEdit()
        self._field.setPlaceholderText("Filter by command or key")
        self._field.setAccessibleName("Filter of the keys")
        self._field.setToolTip("Words of a command, or a key such as Ctrl")
        self._field.setClearButtonEnabled(True)
        self._groups = _groups(commands, round(ROW_HEIGHT * self.fontMetrics().height()))
        self._tree = _tree(self._groups)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._field)
        layout.addWidget(self._tree)
        layout.addWidget(buttons)
        unit = self.fontMetrics().height()
        size = QSize(self._tree.header().length() + 3 * unit, 44 * unit)
        self.resize(size.boundedTo(parent.screen().availableSize() * MOST_OF_SCREEN))
        self._field.textChanged.connect(self._filter)

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for heading, lines in self._groups:
            for line in lines:
                line.setHidden(not _has_all(words, heading, line))
            heading.setHidden(all(line.isHidden() for line in lines))


def _has_all(words: Sequence[str], heading: QTreeWidgetItem, line: QTreeWidgetItem) -> bool:
    told = " ".join([heading.text(0), *(line.text(column) for column in range(3))]).lower()
    return all(word in told for word in words)


def _groups(commands: Sequence[Command], height: int) -> Groups:
    """A heading and its lines for each group that has keys."""
    with_keys = [command for command in commands if command.keys]
    return [
        (
            _heading(group, height),
            [_line(command, height) for command in with_keys if command.group == group],
        )
        for group in dict.fromkeys(command.group for command in with_keys)
    ]


def _tree(groups: Groups) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setColumnCount(3)
    tree.setHeaderHidden(True)
    tree.setRootIsDecorated(False)
    tree.setItemsExpandable(False)
    tree.setAllColumnsShowFocus(True)
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setAccessibleName("Keys by command")
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for heading, lines in groups:
        tree.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        heading.addChildren(lines)
    tree.expandAll()
    for column in range(3):
        tree.resizeColumnToContents(column)
        tree.setColumnWidth(column, tree.columnWidth(column) + tree.fontMetrics().height())
    return tree


def _heading(group: str, height: int) -> QTreeWidgetItem:
    heading = QTreeWidgetItem([group])
    heading.setSizeHint(LAST, QSize(0, height))
    heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
    font = heading.font(0)
    font.setBold(True)
    heading.setFont(0, font)
    return heading


def _line(command: Command, height: int) -> QTreeWidgetItem:
    line = QTreeWidgetItem([command.text, _shown(command), command.tip])
    line.setSizeHint(LAST, QSize(0, height))  # other columns are as wide as their texts
    line.setToolTip(LAST, command.tip)
    return line


def _shown(command: Command) -> str:
    return " or ".join(map(native_keys, command.keys))
