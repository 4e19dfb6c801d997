"""The sheet of keys, made from the same table as the menus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.desktop.actions import Command


class ShortcutSheet(QDialog):
    """All keys by group.

    Args:
        commands: the table.
        parent: the window over which it opens.
    """

    def __init__(self, *, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        tree = QTreeWidget(columnCount=3, rootIsDecorated=False)
        tree.setHeaderLabels(["Command", "Keys", ""])
        tree.setAccessibleName("Keys by command")
        for group in dict.fromkeys(command.group for command in commands):
            heading = QTreeWidgetItem([group])
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            tree.addTopLevelItem(heading)
            for command in commands:
                if command.group == group and command.keys:
                    heading.addChild(QTreeWidgetItem([command.text, _shown(command), command.tip]))
            heading.setExpanded(True)
        for column in range(3):
            tree.resizeColumnToContents(column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(tree)
        layout.addWidget(buttons)
        unit = self.fontMetrics().height()
        self.resize(42 * unit, 40 * unit)


def _shown(command: Command) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(QKeySequence(keys).toString(native) for keys in command.keys)
