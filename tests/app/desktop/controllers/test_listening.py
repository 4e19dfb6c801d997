"""Two sounds: one that plays or was paused, and one that is selected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.desktop.controllers.listening import ListeningController
from app.desktop.models.sounds import SoundRow
from app.desktop.player.player import Player, PlayState
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.timeline.timeline import Timeline
from tests.app.desktop.sounds import phrase, sound


class Shown(QObject):
    """Stands for the controller that shows the selected sound."""

    lost = Signal()
    row: SoundRow | None = None
    grounding: Any = None
    gone = False

    def select(self, row: SoundRow | None) -> None:
        self.row = row


class Room:
    """The controller, and what it joins."""

    def __init__(self) -> None:
        self.showing = Shown()
        self.timeline = Timeline()
        self.player = Player()
        self.bar = PlayerBar()
        self.listening = ListeningController(
            showing=self.showing,  # type: ignore[arg-type]
            timeline=self.timeline,
            player=self.player,
            bar=self.bar,
        )
        self.listening.auto_play = False

    @property
    def named(self) -> str:
        """What the bar names."""
        return self.bar._name.text()


@pytest.fixture
def room(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("TOKENALIGN_AUDIO", "silent")
    made = Room()
    yield made
    made.listening.close()
    made.timeline.close()
    made.bar.close()


def wav(folder: Path, name: str, start_s: float) -> SoundRow:
    """Ten seconds, with a best moment."""
    soundfile.write(folder / name, np.zeros(80_000, np.float32), 8000)
    return sound(name, folder=str(folder), start_s=start_s, end_s=9.0)


@pytest.fixture
def dog(tmp_path: Path) -> SoundRow:
    return wav(tmp_path, "dog.wav", 1.0)


@pytest.fixture
def rain(tmp_path: Path) -> SoundRow:
    return wav(tmp_path, "rain.wav", 3.0)


@pytest.fixture
def paused(room: Room, dog: SoundRow, rain: SoundRow) -> Room:
    """The dog was paused at 6 s, the rain is selected."""
    room.listening.select(dog)
    room.listening.play_from(6.0)
    room.player.toggle()
    room.listening.select(rain)
    return room


def test_space_plays_the_selected_sound_not_the_one_that_was_paused(
    paused: Room, rain: SoundRow
) -> None:
    paused.listening.toggle()
    assert (paused.player.path, paused.player.state) == (rain.path, PlayState.PLAYING)
    assert paused.player.position_s == pytest.approx(3.0, abs=0.3)
    paused.listening.toggle()
    assert (paused.player.path, paused.player.state) == (rain.path, PlayState.PAUSED)


def test_a_region_is_marked_from_the_selected_sounds_own_place(paused: Room) -> None:
    paused.timeline.show_sound(paused.showing.row)
    paused.listening.mark_region(start=True)
    assert paused.timeline.region() == (3.0, 10.0)


def test_a_step_goes_on_from_the_selected_sounds_own_place(paused: Room, rain: SoundRow) -> None:
    paused.listening.nudge(1.0)
    assert paused.player.path == rain.path
    assert paused.player.position_s == pytest.approx(4.0, abs=0.3)


def test_the_next_match_is_the_one_after_the_shown_place(paused: Room) -> None:
    heard = phrase("rain", 1.0, (0.5, 1.0), (3.0, 3.5), (5.0, 5.5), (9.0, 9.5))
    paused.showing.grounding = SimpleNamespace(phrases=(heard,))
    paused.listening.play_match(1)
    assert paused.player.position_s == pytest.approx(4.85, abs=0.1)


def test_a_region_of_the_selected_sound_loops_nothing_in_the_one_that_plays(
    room: Room, dog: SoundRow, rain: SoundRow
) -> None:
    room.listening.select(dog)
    room.listening.play_from(1.0)
    room.listening.select(rain)
    room.timeline.show_sound(rain)
    room.timeline.mark((8.0, 8.5), finished=True)
    room.listening.set_loop(True)
    assert room.player.path == dog.path
    assert room.player.position_s < 5.0


def test_the_bar_follows_what_plays_without_a_selection(room: Room, dog: SoundRow) -> None:
    room.listening.select(dog)
    room.listening.play_from(0.5)
    room.listening.select(None)
    room.player.position_changed.emit(5.0)
    assert (room.named, room.bar._position.text()) == ("dog.wav", "0:05.0")
    room.bar.play_pressed.emit()
    assert (room.player.state, room.named) == (PlayState.PAUSED, "dog.wav")
    assert room.bar._play.isEnabled()
    room.bar.play_pressed.emit()
    assert (room.player.state, room.named) == (PlayState.PLAYING, "dog.wav")


def test_the_bar_is_empty_and_off_when_nothing_plays_or_is_selected(
    room: Room, dog: SoundRow
) -> None:
    assert not room.bar._play.isEnabled()
    room.listening.select(dog)
    room.listening.play_from(0.5)
    assert room.bar._play.isEnabled()
    room.listening.select(None)
    room.player.stop()
    assert (room.named, room.bar._duration.text()) == ("No sound selected", "/ 0:00.0")
    assert not room.bar._play.isEnabled()


def test_the_bar_pauses_what_it_names_and_then_names_what_is_selected(
    room: Room, dog: SoundRow, rain: SoundRow
) -> None:
    room.listening.select(dog)
    room.listening.play_from(0.5)
    room.listening.select(rain)
    assert room.named == "dog.wav"
    room.bar.play_pressed.emit()
    assert (room.player.path, room.player.state) == (dog.path, PlayState.PAUSED)
    assert (room.named, room.bar._position.text()) == ("rain.wav", "0:03.0")
    room.bar.play_pressed.emit()
    assert (room.player.path, room.player.state) == (rain.path, PlayState.PLAYING)
