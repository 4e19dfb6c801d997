"""Preferring: what the person chose comes back when the window opens again."""

from __future__ import annotations

import base64
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.desktop.controllers.exporting import ExportingController
from app.desktop.controllers.keeping import KeepingController
from app.desktop.controllers.listening import ListeningController
from app.desktop.controllers.speaking import SpeakingController
from app.desktop.controllers.watching import WatchingController
from app.desktop.player.player import Player
from app.desktop.settings import SettingsFile
from app.desktop.theme import apply_theme, is_dark
from app.desktop.views.library.panel import LibraryPanel
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.preferences import Preferences
from app.desktop.views.results.results import ResultsView
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.views.window import MainWindow

COLUMNS = "columns"


class PreferringController(QObject):
    """Applies settings, and remembers their changes.

    Signals:
        changed: a setting is another than before.

    Args:
        settings: values and file.
        keeping: writes the file.
        window: layout and panel.
        listening: playing on selection.
        exporting: folder of exports.
        watching: whether folders are watched.
        speaking: what times words.
        timeline: what it shows.
        results: its columns.
        panel: rescanning at start.
        player: volume and device.
        player_bar: their controls.
    """

    changed = Signal()

    def __init__(
        self,
        *,
        settings: SettingsFile,
        keeping: KeepingController,
        window: MainWindow,
        listening: ListeningController,
        exporting: ExportingController,
        watching: WatchingController,
        speaking: SpeakingController,
        timeline: Timeline,
        results: ResultsView,
        panel: LibraryPanel,
        player: Player,
        player_bar: PlayerBar,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._keeping = keeping
        self._window = window
        self._listening = listening
        self._exporting = exporting
        self._watching = watching
        self._speaking = speaking
        self._timeline = timeline
        self._results = results
        self._panel = panel
        self._apply(player, player_bar)
        player_bar.volume_changed.connect(lambda volume_db: self._keep(volume_db=volume_db))
        player_bar.device_chosen.connect(lambda name: self._keep(device=name or ""))
        panel.rescan_at_start_toggled.connect(lambda on: self._keep(rescan_at_start=on))
        panel.watching_toggled.connect(self.set_watching)

    @property
    def rescan_at_start(self) -> bool:
        """Whether to look for new sounds when the window opens."""
        return self._settings.values.rescan_at_start

    def _apply(self, player: Player, player_bar: PlayerBar) -> None:
        values = self._settings.values
        self._listening.auto_play = values.auto_play
        self._timeline.set_attention_shown(values.attention_shown)
        self._timeline.set_spectrogram_shown(values.spectrogram_shown)
        self._panel.set_rescan_at_start(values.rescan_at_start)
        self._panel.set_watching(values.watch_folders)
        self._watching.set_wanted(values.watch_folders)
        self._window.show_panel(values.panel_shown)
        player.set_volume_db(values.volume_db)
        player_bar.show_volume(values.volume_db)
        if values.device:
            player.set_device(values.device)
        if self._settings.trouble:
            self._window.say(self._settings.trouble)
        layout = _decoded(values.layout)
        self._results.restore_layout(layout.pop(COLUMNS, b""))
        self._window.restore_layout(layout)

    def remember_layout(self) -> None:
        """Note where everything stands; called when the window closes."""
        layout = {**self._window.save_layout(), COLUMNS: self._results.save_layout()}
        self._keep(
            layout={name: base64.b64encode(state).decode() for name, state in layout.items()}
        )

    def _keep(self, **changes: Any) -> None:
        self._settings.change(**changes)
        self._keeping.write(self._settings.path, self._settings.text())
        self.changed.emit()

    # Switches

    def toggle_auto_play(self) -> None:
        """Play on selection, or not."""
        self.set_auto_play(not self._settings.values.auto_play)
        self._window.say(
            "Selecting a sound plays it."
            if self._settings.values.auto_play
            else "Selecting a sound does not play it."
        )

    def set_auto_play(self, on: bool) -> None:
        """Whether selecting a sound plays it."""
        self._listening.auto_play = on
        self._keep(auto_play=on)

    def set_watching(self, on: bool) -> None:
        """Whether folders are looked through whenever they change."""
        self._watching.set_wanted(on)
        self._panel.set_watching(on)
        self._keep(watch_folders=on)

    def remember_bundle(self, bundle: str) -> None:
        """Use this model the next time too."""
        self._keep(bundle=bundle)

    def toggle_attention(self) -> None:
        """Show what each word listens to, or not."""
        shown = not self._settings.values.attention_shown
        self._timeline.set_attention_shown(shown)
        self._keep(attention_shown=shown)

    def toggle_spectrogram(self) -> None:
        """Show the spectrogram, or not."""
        shown = not self._settings.values.spectrogram_shown
        self._timeline.set_spectrogram_shown(shown)
        self._keep(spectrogram_shown=shown)

    def toggle_panel(self) -> None:
        """Show the library, or not."""
        shown = not self._window.panel_shown
        self._window.show_panel(shown)
        self._keep(panel_shown=shown)

    def toggle_theme(self) -> None:
        """From light to dark, or the other way round."""
        self.set_theme("light" if is_dark(self._window.palette()) else "dark")

    def set_theme(self, theme: str) -> None:
        """Light, dark, or as the system."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, theme)
        self._keep(theme=theme)

    def set_export_folder(self, folder: str) -> None:
        """Where exports go from now on."""
        self._exporting.folder = Path(folder)
        self._keep(export_folder=folder)

    def set_speech(self, bundle: str) -> None:
        """What times words from now on."""
        self._speaking.use_bundle(bundle)
        self._keep(speech=bundle)

    def open(self) -> None:
        """Open the dialog."""
        values = self._settings.values
        dialog = Preferences(
            theme=values.theme,
            auto_play=values.auto_play,
            rescan_at_start=values.rescan_at_start,
            watching=values.watch_folders,
            export_folder=str(self._exporting.folder),
            speech=values.speech,
            parent=self._window,
        )
        dialog.theme_chosen.connect(self.set_theme)
        dialog.auto_play_toggled.connect(self.set_auto_play)
        dialog.rescan_at_start_toggled.connect(lambda on: self._keep(rescan_at_start=on))
        dialog.rescan_at_start_toggled.connect(self._panel.set_rescan_at_start)
        dialog.watching_toggled.connect(self.set_watching)
        dialog.export_folder_chosen.connect(self.set_export_folder)
        dialog.speech_chosen.connect(self.set_speech)
        dialog.open()


def _decoded(layout: dict[str, str]) -> dict[str, bytes]:
    """Base64 to bytes; what is damaged is left out."""
    decoded = {}
    for name, text in layout.items():
        with suppress(ValueError, TypeError):
            decoded[name] = base64.b64decode(text, validate=True)
    return decoded
