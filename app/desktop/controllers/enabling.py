"""Enabling: which commands make sense just now, and which of them are switched on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.desktop.actions import COMMANDS
from app.desktop.controllers.collecting import CollectingController
from app.desktop.controllers.listening import ListeningController
from app.desktop.controllers.preferring import PreferringController
from app.desktop.controllers.searching import SearchController
from app.desktop.controllers.showing import ShowingController
from app.desktop.controllers.speaking import SpeakingController
from app.desktop.controllers.visiting import VisitingController
from app.desktop.models.results import ResultsModel
from app.desktop.player.player import Player, PlayState
from app.desktop.settings import SettingsFile
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.views.window import MainWindow
from tokenalign.library import Status


class EnablingController(QObject):
    """Greys the actions that would do nothing, and ticks those that are on.

    Args:
        actions: by id, with their effects connected: those come first.
        settings: what is on.
        window: whether the library is shown.
        bar: what could be saved.
        results: whether details are shown.
        timeline: may ask to loop.
        player_bar: may switch looping.
        player: whether anything plays.
        collecting: whether there are folders.
        rows: whether any sound is listed.
        searching: tells when something else is looked for.
        visiting: where Back and Forward lead.
        showing: which sound is selected, and how many phrases there are.
        speaking: whether there are words.
        listening: whether it loops.
        preferring: tells when settings change.
    """

    def __init__(
        self,
        *,
        actions: Mapping[str, QAction],
        settings: SettingsFile,
        window: MainWindow,
        bar: SearchBar,
        results: ResultsView,
        timeline: Timeline,
        player_bar: PlayerBar,
        player: Player,
        collecting: CollectingController,
        rows: ResultsModel,
        searching: SearchController,
        visiting: VisitingController,
        showing: ShowingController,
        speaking: SpeakingController,
        listening: ListeningController,
        preferring: PreferringController,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._folders = False
        self._facts: dict[str, Callable[[], bool]] = {
            "": lambda: True,
            "folders": lambda: self._folders,
            "earlier search": lambda: visiting.history.can_go_back,
            "later search": lambda: visiting.history.can_go_forward,
            "search": lambda: bar.saved_button.save_action.isEnabled(),
            "sound": lambda: showing.row is not None,
            "sound or playback": lambda: (
                showing.row is not None or player.state is not PlayState.STOPPED
            ),
            "caption": lambda: showing.grounding is not None,
            "list": lambda: rows.sounds > 0,
            "words": lambda: bool(speaking.words),
            "labels": lambda: showing.grounding is not None or bool(speaking.words),
        }

        def has_phrase(number: int) -> bool:
            return showing.grounding is not None and len(showing.grounding.phrases) >= number

        self._facts |= {f"phrase {n}": partial(has_phrase, n) for n in range(1, 10)}
        self._switches: dict[str, Callable[[], bool]] = {
            "show_panel": lambda: window.panel_shown,
            "loop": lambda: listening.looping,
            "auto_play": lambda: settings.values.auto_play,
            "attention": lambda: settings.values.attention_shown,
            "spectrogram": lambda: settings.values.spectrogram_shown,
            "details": lambda: results.details_action.isChecked(),
        }
        collecting.status_changed.connect(self._on_status_changed)
        for changed in (
            *(action.triggered for action in actions.values()),
            searching.answered,
            visiting.history_changed,
            bar.field.textChanged,
            showing.changed,
            speaking.changed,
            player.state_changed,
            player_bar.loop_toggled,
            timeline.loop_requested,
            results.details_action.toggled,
            preferring.changed,
        ):
            changed.connect(lambda *_: self.update())
        self.update()

    def update(self) -> None:
        """Grey and tick as things are now."""
        for command in COMMANDS:
            action = self._actions[command.id]
            action.setEnabled(self._facts[command.needs]())
            if command.toggles:
                action.setChecked(self._switches[command.id]())

    def _on_status_changed(self, status: Status) -> None:
        self._folders = bool(status.roots or status.files or status.failed)
        self.update()
