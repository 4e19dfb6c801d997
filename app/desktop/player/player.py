"""The player as the window sees it."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.desktop.player.engine import Engine
from app.desktop.player.outputs import Output, OutputDevice, chosen_output
from app.desktop.player.passages import Passage

POSITION_INTERVAL_MS = 33


class PlayState(StrEnum):
    """What the player does."""

    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


class Player(QObject):
    """Plays one sound at a time; no method waits for a file or a device.

    Signals:
        state_changed: the new `PlayState`; it changes with the call, not with the first sample.
        position_changed: the place in the file that is heard, in seconds, 30 times a second.
        finished: a passage was heard to its end.
        trouble: one line that says what is wrong and what to do.
        devices_changed: the answer to `find_devices`, a tuple of `OutputDevice`.

    Args:
        parent: owner.
        output: where sound goes; the sound card, or what ``$TOKENALIGN_AUDIO`` asks for.
    """

    state_changed = Signal(PlayState)
    position_changed = Signal(float)
    finished = Signal()
    trouble = Signal(str)
    devices_changed = Signal(object)

    def __init__(self, *, parent: QObject | None = None, output: Output | None = None) -> None:
        super().__init__(parent)
        self._state = PlayState.STOPPED
        self._passage: Passage | None = None
        self._start_s = 0.0
        self._loop: tuple[float, float] | None = None
        self._ticket = 0
        self._devices: tuple[OutputDevice, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(POSITION_INTERVAL_MS)
        self._timer.timeout.connect(lambda: self.position_changed.emit(self.position_s))
        news = _News(parent=self)
        queued = Qt.ConnectionType.QueuedConnection
        news.ended.connect(self._on_ended, queued)
        news.told.connect(self.trouble, queued)
        news.devices_listed.connect(self._on_devices_listed, queued)
        self._engine = Engine(output=output or chosen_output(os.environ), news=news)
        self._engine.start()

    @property
    def path(self) -> Path | None:
        """The file that plays, or that played last."""
        return self._passage.path if self._passage else None

    @property
    def state(self) -> PlayState:
        """What the player does."""
        return self._state

    @property
    def position_s(self) -> float:
        """The place in the file that is heard; where playing would begin, if nothing is."""
        if self._state is PlayState.STOPPED:
            return self._start_s
        heard_s = self._engine.position_s(self._ticket)
        return self._start_s if heard_s is None else heard_s

    def play(
        self,
        path: Path,
        *,
        start_s: float = 0.0,
        end_s: float | None = None,
        loop: bool = False,
    ) -> None:
        """Play a file from a time on.

        Args:
            path: the file.
            start_s: where to begin.
            end_s: where to stop; None for the end of the file.
            loop: repeat from `start_s` to `end_s`.
        """
        self._loop = (start_s, float("inf") if end_s is None else end_s) if loop else None
        self._begin(Passage(path, start_s, end_s, self._loop), playing=True)

    def toggle(self) -> None:
        """Pause, go on, or play again what was stopped."""
        if self._state is PlayState.PLAYING:
            self._engine.set_playing(False)
            self._set_state(PlayState.PAUSED)
        elif self._state is PlayState.PAUSED:
            self._engine.set_playing(True)
            self._set_state(PlayState.PLAYING)
        elif self._passage is not None:
            self._begin(replace(self._passage, loop=self._loop), playing=True)

    def stop(self) -> None:
        """Fade out and go back to where playing began."""
        self._engine.stop()
        self._set_state(PlayState.STOPPED)

    def seek(self, position_s: float) -> None:
        """Go to a time; playing and pausing stay as they are."""
        passage = self._passage
        if passage is None:
            return
        end_s = passage.end_s
        if end_s is not None and position_s >= end_s:
            end_s = None  # who leaves the passage wants to hear on
        sought = Passage(passage.path, max(0.0, position_s), end_s, self._loop)
        if self._state is PlayState.STOPPED:
            self._passage, self._start_s = sought, sought.start_s
        else:
            self._begin(sought, playing=self._state is PlayState.PLAYING)
        self.position_changed.emit(self._start_s)

    def set_loop(self, region: tuple[float, float] | None) -> None:
        """Repeat a region from now on, going there if playing is elsewhere; None: play on."""
        if region == self._loop:
            return
        self._loop = region
        if self._passage is None or self._state is PlayState.STOPPED:
            return
        here_s, playing = self.position_s, self._state is PlayState.PLAYING
        self._passage = replace(self._passage, loop=region)
        if region is not None and not region[0] <= here_s < region[1]:
            self._begin(replace(self._passage, start_s=region[0]), playing=playing)
        else:
            here = replace(self._passage, start_s=here_s)
            self._engine.play(here, ticket=self._ticket, playing=playing)

    def set_volume_db(self, volume_db: float) -> None:
        """Change the volume; -60 dB and below is silence."""
        self._engine.set_volume_db(volume_db)

    def devices(self) -> tuple[OutputDevice, ...]:
        """The devices that `find_devices` found last."""
        return self._devices

    def find_devices(self) -> None:
        """Look for devices; `devices_changed` tells."""
        self._engine.find_devices()

    def set_device(self, name: str | None) -> None:
        """Play on another device; None is the system's default. What plays goes on there."""
        self._engine.set_device(name)

    def close(self) -> None:
        """Fade out, close the stream and end the engine's thread."""
        self._timer.stop()
        self._state = PlayState.STOPPED
        self._engine.close()

    def _begin(self, passage: Passage, *, playing: bool) -> None:
        self._passage, self._start_s = passage, passage.start_s
        self._ticket += 1
        self._engine.play(passage, ticket=self._ticket, playing=playing)
        if playing:
            self._set_state(PlayState.PLAYING)

    def _set_state(self, state: PlayState) -> None:
        if state is self._state:
            return
        self._state = state
        if state is PlayState.PLAYING:
            self._timer.start()
        else:
            self._timer.stop()
        self.state_changed.emit(state)
        self.position_changed.emit(self.position_s)

    def _on_ended(self, ticket: int, trouble: str) -> None:
        if ticket != self._ticket or self._state is PlayState.STOPPED:
            return
        self._set_state(PlayState.STOPPED)
        if trouble:
            self.trouble.emit(trouble)
        else:
            self.finished.emit()

    def _on_devices_listed(self, devices: tuple[OutputDevice, ...]) -> None:
        self._devices = devices
        self.devices_changed.emit(devices)


class _News(QObject):
    """Carries the engine's news to the window's thread."""

    ended = Signal(int, str)
    told = Signal(str)
    devices_listed = Signal(object)

    def finished(self, ticket: int) -> None:
        self.ended.emit(ticket, "")

    def failed(self, ticket: int, trouble: str) -> None:
        self.ended.emit(ticket, trouble)

    def noted(self, trouble: str) -> None:
        self.told.emit(trouble)

    def devices_found(self, devices: tuple[OutputDevice, ...]) -> None:
        self.devices_listed.emit(devices)
