"""A small dialog for what the person prefers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from app.desktop.actions import with_keys
from app.desktop.theme import THEMES
from app.desktop.views.check_box import CheckBox
from app.desktop.views.folder_row import FolderRow

THEME_NAMES = {"system": "Follow the system", "light": "Light", "dark": "Dark"}


class Preferences(QDialog):
    """Theme, playing, new sounds, exports, words; changes apply at once.

    Args:
        theme: of `THEMES`.
        auto_play: selecting a sound plays it.
        rescan_at_start: look for new sounds when the window opens.
        watching: look for new sounds whenever a folder changes.
        export_folder: where exports go.
        speech: folder of the bundle that times words; empty for an installed one.
        parent: the window over which it opens.
    """

    theme_chosen = Signal(str)
    auto_play_toggled = Signal(bool)
    rescan_at_start_toggled = Signal(bool)
    watching_toggled = Signal(bool)
    export_folder_chosen = Signal(str)
    speech_chosen = Signal(str)

    def __init__(
        self,
        *,
        theme: str,
        auto_play: bool,
        rescan_at_start: bool,
        export_folder: str,
        parent: QWidget,
        watching: bool = False,
        speech: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Preferences")
        self._theme = _themes(theme)
        auto = _box("Play a sound when it is selected", on=auto_play)
        rescan = _box("Look for new sounds when the window opens", on=rescan_at_start)
        watch = _box("Look for new sounds whenever a folder changes", on=watching)
        exports = FolderRow(
            name="Export folder", tip="Where exported sounds and labels go", folder=export_folder
        )
        speech_row = FolderRow(
            name="Speech bundle",
            tip="The folder of the bundle that times the words of transcripts",
            folder=speech,
            nothing="an installed one",
        )
        unit = self.fontMetrics().height()
        form = QFormLayout()
        form.setHorizontalSpacing(unit)
        form.setVerticalSpacing(unit // 2)
        form.addRow("Theme", self._theme)
        form.addRow("Playing", auto)
        form.addRow("Folders", rescan)
        form.addRow("", watch)
        form.addRow("Exports go to", exports)
        form.addRow("Words are timed by", speech_row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit, unit, unit, unit)
        layout.setSpacing(unit)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.resize(34 * unit, self.sizeHint().height())
        self._theme.activated.connect(lambda place: self.theme_chosen.emit(THEMES[place]))
        auto.toggled.connect(self.auto_play_toggled)
        rescan.toggled.connect(self.rescan_at_start_toggled)
        watch.toggled.connect(self.watching_toggled)
        exports.chosen.connect(self.export_folder_chosen)
        speech_row.chosen.connect(self.speech_chosen)


def _themes(chosen: str) -> QComboBox:
    themes = QComboBox()
    themes.addItems([THEME_NAMES[theme] for theme in THEMES])
    themes.setCurrentIndex(THEMES.index(chosen) if chosen in THEMES else 0)
    themes.setAccessibleName("Theme")
    themes.setToolTip(with_keys("Light or dark", "theme"))
    return themes


def _box(text: str, *, on: bool) -> CheckBox:
    box = CheckBox(text)
    box.setChecked(on)
    box.setAccessibleName(text)
    box.setToolTip(text)
    return box
