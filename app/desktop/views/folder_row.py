"""A folder that the person chooses: its path, and a button that opens the system's dialog."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class FolderRow(QWidget):
    """One line of a form.

    Signals:
        chosen(path): another folder, or an empty string for none.

    Args:
        name: what the folder is, as a screen reader and the dialog's title say it.
        tip: one sentence more.
        folder: path that is shown at first.
        nothing: what is shown while there is none; without it, there always is one.
    """

    chosen = Signal(str)

    def __init__(self, *, name: str, tip: str, folder: str, nothing: str = "") -> None:
        super().__init__()
        self._name = name
        self._folder = QLineEdit(folder)
        self._folder.setReadOnly(True)
        self._folder.setPlaceholderText(nothing)
        self._folder.setAccessibleName(name)
        self._folder.setToolTip(tip)
        self._folder.setCursorPosition(0)
        choose = QPushButton("Choose…")
        choose.setAccessibleName(f"Choose the {name[0].lower()}{name[1:]}")
        choose.setToolTip(tip)
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        if nothing:
            row.addWidget(self._reset_button())

    def _reset_button(self) -> QPushButton:
        reset = QPushButton("Reset")
        reset.setAccessibleName(f"Reset the {self._name[0].lower()}{self._name[1:]}")
        reset.setToolTip(f"Go back to: {self._folder.placeholderText()}")
        reset.setAutoDefault(False)
        reset.clicked.connect(lambda: self._show(""))
        return reset

    def _on_choose_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._name, self._folder.text())
        if folder:
            self._show(folder)

    def _show(self, folder: str) -> None:
        self._folder.setText(folder)
        self._folder.setCursorPosition(0)
        self.chosen.emit(folder)
