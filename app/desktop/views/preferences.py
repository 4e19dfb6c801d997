"""A small dialog for what the person prefers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

THEMES = ("system", "light", "dark")


class Preferences(QDialog):
    """Theme, playing on selection, rescanning, export folder; changes apply at once.

    Args:
        theme: of `THEMES`.
        auto_play: selecting a sound plays it.
        rescan_at_start: look for new sounds when the window opens.
        export_folder: where exports go.
        parent: the window over which it opens.
    """

    theme_chosen = Signal(str)
    auto_play_toggled = Signal(bool)
    rescan_at_start_toggled = Signal(bool)
    export_folder_chosen = Signal(str)

    def __init__(
        self,
        *,
        theme: str,
        auto_play: bool,
        rescan_at_start: bool,
        export_folder: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._theme = QComboBox(accessibleName="Theme")
        for name in THEMES:
            self._theme.addItem({"system": "As the system"}.get(name, name.capitalize()), name)
        self._theme.setCurrentIndex(THEMES.index(theme))
        self._auto_play = QCheckBox("Selecting a sound plays it", checked=auto_play)
        self._rescan = QCheckBox("Look for new sounds at start", checked=rescan_at_start)
        self._folder = QLineEdit(export_folder, readOnly=True, accessibleName="Export folder")
        choose = QPushButton("Choose…", accessibleName="Choose the export folder")
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(choose)
        form = QFormLayout()
        form.addRow("Theme", self._theme)
        form.addRow("", self._auto_play)
        form.addRow("", self._rescan)
        form.addRow("Exports go to", folder)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self._theme.activated.connect(lambda place: self.theme_chosen.emit(THEMES[place]))
        self._auto_play.toggled.connect(self.auto_play_toggled)
        self._rescan.toggled.connect(self.rescan_at_start_toggled)
        choose.clicked.connect(self._choose_folder)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export folder", self._folder.text())
        if chosen:
            self._folder.setText(chosen)
            self.export_folder_chosen.emit(chosen)
