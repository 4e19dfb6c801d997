from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.desktop.player.outputs import OutputDevice
from app.desktop.player.player import Player, PlayState
from app.desktop.player.soundcard import SoundCard
from tests.app.desktop.player.fakes import RATE, Outlets, numbered, write


def state_of(player: Player) -> PlayState:
    """Its state now, which a type checker takes for what it was a line before."""
    return player.state


class Log:
    """Everything a player says, in order."""

    def __init__(self, player: Player) -> None:
        self.entries: list[Any] = []
        self.positions: list[float] = []
        player.state_changed.connect(self.entries.append)
        player.finished.connect(lambda: self.entries.append("finished"))
        player.trouble.connect(self.entries.append)
        player.position_changed.connect(self.positions.append)


@pytest.fixture
def outlets() -> Outlets:
    return Outlets(by_hand=False, built_in=RATE, headphones=RATE)


@pytest.fixture
def player(qtbot: QtBot, outlets: Outlets) -> Iterator[Player]:
    del qtbot  # there must be an application
    player = Player(output=outlets)
    yield player
    player.close()


@pytest.fixture
def log(player: Player) -> Log:
    return Log(player)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "numbers.wav", numbered(4 * RATE))


def test_plays_to_the_end_and_goes_back(
    qtbot: QtBot, player: Player, log: Log, path: Path, outlets: Outlets
) -> None:
    with qtbot.waitSignal(player.finished):
        player.play(path, start_s=1.0, end_s=1.3)
        assert state_of(player) is PlayState.PLAYING
        assert 1.0 <= player.position_s < 1.3
        assert player.path == path
    assert log.entries == [PlayState.PLAYING, PlayState.STOPPED, "finished"]
    assert player.position_s == 1.0
    assert 1 < len(log.positions) <= 30
    playing = log.positions[:-1]
    assert playing == sorted(playing)
    assert min(playing) >= 1.0
    assert max(playing) <= 1.3
    heard = outlets.recorded()
    begun = int(np.flatnonzero(heard[:, 0])[0])
    assert (heard[begun + 200 : begun + 14_000] == numbered(4 * RATE)[48_200:62_000]).all()


def test_pauses_goes_on_and_stops(qtbot: QtBot, player: Player, log: Log, path: Path) -> None:
    player.play(path)
    qtbot.waitUntil(lambda: player.position_s > 0.1)
    player.toggle()
    assert state_of(player) is PlayState.PAUSED
    qtbot.wait(30)
    paused_s = player.position_s
    qtbot.wait(60)
    assert player.position_s == paused_s
    player.toggle()
    qtbot.waitUntil(lambda: player.position_s > paused_s + 0.05)
    player.stop()
    assert state_of(player) is PlayState.STOPPED
    assert player.position_s == 0.0
    assert log.entries == [
        *(PlayState.PLAYING, PlayState.PAUSED, PlayState.PLAYING, PlayState.STOPPED)
    ]


def test_toggling_after_a_stop_plays_again(qtbot: QtBot, player: Player, path: Path) -> None:
    player.toggle()
    assert state_of(player) is PlayState.STOPPED
    player.play(path, start_s=1.0, end_s=1.1)
    qtbot.waitUntil(lambda: state_of(player) is PlayState.STOPPED)
    with qtbot.waitSignal(player.finished):
        player.toggle()
        assert state_of(player) is PlayState.PLAYING


def test_seeks_while_playing_paused_and_stopped(
    qtbot: QtBot, player: Player, log: Log, path: Path
) -> None:
    player.play(path, end_s=0.5)
    player.seek(2.0)
    assert 2.0 <= player.position_s < 2.5
    assert log.positions[-1] == 2.0
    qtbot.waitUntil(lambda: player.position_s > 2.05)
    player.toggle()
    player.seek(3.0)
    assert state_of(player) is PlayState.PAUSED
    assert player.position_s == 3.0
    player.stop()
    player.seek(1.5)
    assert state_of(player) is PlayState.STOPPED
    player.toggle()
    qtbot.waitUntil(lambda: player.position_s > 1.55)
    assert player.position_s < 2.0


def test_loops_a_passage_until_told_otherwise(
    qtbot: QtBot, player: Player, log: Log, path: Path
) -> None:
    player.play(path, start_s=1.0, end_s=1.1, loop=True)
    qtbot.waitUntil(lambda: len(log.positions) > 12)
    assert PlayState.STOPPED not in log.entries
    assert all(1.0 <= position_s <= 1.1 for position_s in log.positions)
    with qtbot.waitSignal(player.finished):
        player.set_loop(None)


def test_a_loop_elsewhere_is_gone_to(qtbot: QtBot, player: Player, path: Path) -> None:
    player.play(path)
    qtbot.waitUntil(lambda: player.position_s > 0.05)
    player.set_loop((2.0, 2.5))
    assert 2.0 <= player.position_s < 2.5
    qtbot.waitUntil(lambda: player.position_s > 2.05)
    player.set_loop((2.0, 3.0))  # around the place: nothing jumps
    assert 2.05 < player.position_s < 3.0


def test_a_loop_without_an_end_is_the_whole_file(
    qtbot: QtBot, player: Player, log: Log, tmp_path: Path
) -> None:
    player.play(write(tmp_path / "short.wav", numbered(4_800)), loop=True)
    qtbot.waitUntil(lambda: len(log.positions) > 12)
    assert state_of(player) is PlayState.PLAYING
    assert max(log.positions) <= 0.1


def test_trouble_with_a_file_stops_in_words(
    qtbot: QtBot, player: Player, log: Log, tmp_path: Path, path: Path
) -> None:
    with qtbot.waitSignal(player.trouble):
        player.play(tmp_path / "gone.wav")
    assert log.entries[:2] == [PlayState.PLAYING, PlayState.STOPPED]
    assert log.entries[2].startswith("gone.wav: cannot be read: no such file")
    player.play(path)
    qtbot.waitUntil(lambda: player.position_s > 0.05)


def test_a_lost_device_is_survived(
    qtbot: QtBot, player: Player, log: Log, path: Path, outlets: Outlets
) -> None:
    player.set_device("headphones")
    player.play(path)
    qtbot.waitUntil(lambda: player.position_s > 0.05)
    assert outlets.stream is not None
    with qtbot.waitSignal(player.trouble):
        outlets.stream.active = False
    assert state_of(player) is PlayState.STOPPED
    player.toggle()
    qtbot.waitUntil(lambda: player.position_s > 0.05)
    assert outlets.opened == ["headphones", None]


def test_old_news_is_not_told(qtbot: QtBot, player: Player, log: Log, path: Path) -> None:
    player.play(path.with_name("gone.wav"))
    player.play(path)
    qtbot.waitUntil(lambda: player.position_s > 0.1)
    assert log.entries == [PlayState.PLAYING]


def test_finds_devices(qtbot: QtBot, player: Player) -> None:
    assert player.devices() == ()
    with qtbot.waitSignal(player.devices_changed) as found:
        player.find_devices()
    devices = (OutputDevice("built_in", True), OutputDevice("headphones", False))
    assert found.args == [devices]
    assert player.devices() == devices


def test_without_portaudio_everything_but_sound_works(qtbot: QtBot, path: Path) -> None:
    def load() -> Any:
        raise OSError("PortAudio library not found")

    player = Player(output=SoundCard(load=load))
    log = Log(player)
    with qtbot.waitSignal(player.trouble):
        player.play(path)
    assert state_of(player) is PlayState.STOPPED
    assert log.entries[-1] == (
        "No sound: PortAudio is missing; "
        "install it (Debian, Ubuntu: apt install libportaudio2) and play again."
    )
    player.set_loop((0.0, 1.0))
    player.seek(1.0)
    player.stop()
    player.close()


def test_the_volume_is_heard(qtbot: QtBot, player: Player, path: Path, outlets: Outlets) -> None:
    player.set_volume_db(-60.0)
    with qtbot.waitSignal(player.finished):
        player.play(path, start_s=2.0, end_s=2.1)
    assert (outlets.recorded() == 0).all()
    player.set_volume_db(0.0)
    with qtbot.waitSignal(player.finished):
        player.play(path, start_s=2.0, end_s=2.1)
    assert outlets.recorded().max() == pytest.approx(0.26, abs=0.02)
