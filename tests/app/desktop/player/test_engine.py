from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.desktop.player.engine import Engine
from app.desktop.player.outputs import Fill, OutputDevice, OutputError
from app.desktop.player.passages import Passage
from app.desktop.player.silent import SilentStream
from tests.app.desktop.player.fakes import (
    FADE,
    RATE,
    Bench,
    Notes,
    Outlets,
    largest_step,
    numbered,
    sine,
    wait_until,
    write,
)


@pytest.fixture
def tone_path(tmp_path: Path) -> Path:
    return write(tmp_path / "tone.wav", sine(4.0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "numbers.wav", numbered(4 * RATE))


NUMBERS = numbered(4 * RATE)


def test_plays_from_a_time_on(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path, start_s=0.5))
    heard = bench.hear(4_800)
    assert (heard[FADE:] == NUMBERS[24_000 + FADE : 28_800]).all()
    assert bench.engine.position_s(1) == pytest.approx(0.6, abs=1e-9)
    assert bench.notes.ended == []


def test_plays_to_a_time_and_tells(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path, start_s=1.0, end_s=1.25))
    heard = bench.hear(24_000)
    assert (heard[FADE : 12_000 - FADE] == NUMBERS[48_000 + FADE : 60_000 - FADE]).all()
    assert (heard[12_000 - 1 :] == 0).all()
    assert bench.notes.ended == [(1, "")]


def test_a_long_sound_is_read_while_it_plays(tmp_path: Path) -> None:
    sound = numbered(10 * RATE)
    bench = Bench()
    bench.play(Passage(write(tmp_path / "long.wav", sound)))
    heard = bench.hear(10 * RATE + 4_800)
    assert (heard[FADE : 10 * RATE - FADE] == sound[FADE:-FADE]).all()
    assert bench.notes.ended == [(1, "")]


def test_a_sound_at_another_rate_keeps_its_pitch_and_length(tmp_path: Path) -> None:
    low = sine(1.0, rate=22_050)[:, :1]
    bench = Bench()
    bench.play(Passage(write(tmp_path / "low.wav", low, rate=22_050)))
    heard = bench.hear(RATE)
    assert np.abs(heard[500:47_000] - sine(1.0)[500:47_000]).max() < 1e-3


def test_pause_holds_the_place(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path))
    bench.hear(4_800)
    bench.engine.set_playing(False)
    paused = bench.hear(4_800)
    assert (paused[FADE:] == 0).all()
    assert bench.engine.position_s(1) == (4_800 + FADE) / RATE
    bench.engine.set_playing(True)
    heard = bench.hear(4_800)
    assert (heard[FADE:] == NUMBERS[4_800 + 2 * FADE : 9_600 + FADE]).all()


def test_start_seek_pause_and_stop_do_not_click(tone_path: Path) -> None:
    bench = Bench()
    bench.play(Passage(tone_path, start_s=0.10012))
    parts = [bench.hear(3_011)]
    bench.play(Passage(tone_path, start_s=2.00037), ticket=2)
    parts.append(bench.hear(3_013))
    bench.engine.set_playing(False)
    parts.append(bench.hear(1_000))
    bench.engine.set_playing(True)
    parts.append(bench.hear(1_007))
    bench.engine.stop()
    parts.append(bench.hear(1_000))
    heard = np.concatenate(parts)
    assert (heard[-500:] == 0).all()
    assert np.abs(heard).max() > 0.49
    assert largest_step(heard) < 1.1 * largest_step(sine(1.0))


def test_loops_to_the_sample_over_several_rounds(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path, start_s=1.0, loop=(1.0, 1.25)))
    heard = bench.hear(5 * 12_000)
    for n in range(1, 5):
        one = heard[n * 12_000 : (n + 1) * 12_000 - FADE]
        assert (one == NUMBERS[48_000 : 60_000 - FADE]).all()
    bench.hear(2_400)
    assert bench.engine.position_s(1) == pytest.approx(1.05, abs=1e-9)
    assert bench.notes.ended == []


def test_a_loop_is_set_and_taken_off_without_a_break(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path))
    parts = [bench.hear(4_800)]
    bench.play(Passage(path, start_s=0.0, loop=(0.0, 0.5)))  # the same ticket goes on
    parts.append(bench.hear(19_200 + 24_000))
    heard = np.concatenate(parts)
    assert np.abs(heard[FADE : 24_000 - FADE] - NUMBERS[FADE : 24_000 - FADE]).max() < 1e-6
    assert (heard[24_000 : 48_000 - FADE] == NUMBERS[: 24_000 - FADE]).all()
    bench.play(Passage(path))
    after = bench.hear(48_000)
    assert np.abs(after - NUMBERS[:48_000]).max() < 1e-6


def test_a_loop_that_lies_behind_begins_at_its_start(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path, start_s=2.0))
    bench.hear(4_800)
    bench.play(Passage(path, start_s=0.5, loop=(0.5, 1.0)))
    heard = bench.hear(9_600)
    assert (heard[480 + FADE :] == NUMBERS[24_000 + 480 + FADE : 33_600]).all()


def test_a_newer_wish_wins(path: Path, tone_path: Path) -> None:
    bench = Bench()
    bench.engine.play(Passage(tone_path), ticket=1)
    bench.engine.play(Passage(path, start_s=1.0), ticket=2)
    bench.engine.step()
    assert (bench.hear(4_800)[FADE:] == NUMBERS[48_000 + FADE : 52_800]).all()
    assert bench.engine.position_s(1) is None


def test_a_seek_in_a_pause_is_heard_when_it_goes_on(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path))
    bench.hear(4_800)
    bench.engine.set_playing(False)
    bench.hear(960)
    bench.engine.play(Passage(path, start_s=2.0), ticket=2, playing=False)
    assert (bench.hear(960) == 0).all()
    assert bench.engine.position_s(2) == 2.0
    bench.engine.set_playing(True)
    assert (bench.hear(960)[FADE:] == NUMBERS[96_000 + FADE : 96_960]).all()


def test_a_passage_that_starts_at_the_end_is_over(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path, start_s=99.0))
    assert (bench.hear(960) == 0).all()
    assert bench.notes.ended == [(1, "")]


def test_the_stream_stays_open_for_a_while(path: Path) -> None:
    outlets = Outlets()
    bench = Bench(outlets)
    bench.play(Passage(path, end_s=0.1))
    bench.hear(9_600)
    stream = outlets.stream
    assert stream is not None
    bench.now_s = 9.0
    bench.hear(480)
    assert stream.active
    bench.play(Passage(path, end_s=0.1), ticket=2)
    bench.hear(9_600)
    assert outlets.opened == [None]
    bench.now_s = 19.5
    bench.hear(480)
    assert not stream.active
    bench.play(Passage(path, start_s=1.0), ticket=3)
    assert (bench.hear(960)[FADE:] == NUMBERS[48_000 + FADE : 48_960]).all()
    assert outlets.opened == [None, None]


def test_a_pause_outlasts_the_stream(path: Path) -> None:
    outlets = Outlets()
    bench = Bench(outlets)
    bench.play(Passage(path))
    bench.hear(4_800)
    bench.engine.set_playing(False)
    bench.hear(960)
    bench.now_s = 11.0
    bench.hear(480)
    assert outlets.stream is not None
    assert not outlets.stream.active
    assert bench.engine.position_s(1) == (4_800 + FADE) / RATE
    bench.engine.set_playing(True)
    bench.engine.step()
    assert (bench.hear(4_800)[FADE:] == NUMBERS[4_800 + 2 * FADE : 9_600 + FADE]).all()


def test_a_lost_device_stops_in_words_and_the_next_play_takes_the_default(path: Path) -> None:
    outlets = Outlets(built_in=RATE, headphones=RATE)
    bench = Bench(outlets)
    bench.engine.set_device("headphones")
    bench.play(Passage(path))
    bench.hear(4_800)
    assert outlets.stream is not None
    outlets.stream.active = False
    outlets.broken.add("headphones")
    bench.engine.step()
    [(ticket, trouble)] = bench.notes.ended
    assert ticket == 1
    assert "device is gone" in trouble
    bench.play(Passage(path, start_s=1.0), ticket=2)
    assert (bench.hear(4_800)[FADE:] == NUMBERS[48_000 + FADE : 52_800]).all()
    assert outlets.opened == ["headphones", None]


def test_a_device_that_asks_for_nothing_is_lost(path: Path) -> None:
    bench = Bench()
    bench.play(Passage(path))
    bench.hear(4_800)
    bench.now_s = 1.9
    bench.engine.step()
    assert bench.notes.ended == []
    bench.now_s = 2.1
    bench.engine.step()
    assert "device is gone" in bench.notes.ended[0][1]


def test_a_device_lost_in_a_pause_is_no_trouble(path: Path) -> None:
    outlets = Outlets()
    bench = Bench(outlets)
    bench.play(Passage(path))
    bench.hear(4_800)
    bench.engine.set_playing(False)
    bench.hear(960)
    assert outlets.stream is not None
    outlets.stream.active = False
    bench.engine.step()
    assert bench.notes.ended == []
    bench.engine.set_playing(True)
    bench.engine.step()
    assert (bench.hear(960)[FADE:] == NUMBERS[4_800 + 2 * FADE : 5_760 + FADE]).all()


def test_a_chosen_device_that_is_not_there_gives_way_to_the_default(path: Path) -> None:
    outlets = Outlets()
    bench = Bench(outlets)
    bench.engine.set_device("headphones")
    bench.play(Passage(path))
    assert (bench.hear(960)[FADE:] == NUMBERS[FADE:960]).all()
    assert bench.notes.remarks == ["headphones is not connected; playing on the default output."]
    assert bench.notes.ended == []


def test_without_any_device_one_line_says_so(path: Path) -> None:
    outlets = Outlets()
    outlets.broken.add("built_in")
    bench = Bench(outlets)
    bench.play(Passage(path))
    bench.engine.step()
    assert bench.notes.ended == [(1, "built_in is not connected; choose another output.")]
    outlets.broken.clear()
    bench.play(Passage(path), ticket=2)
    assert np.abs(bench.hear(960)).max() > 0


def test_another_device_goes_on_at_its_own_rate(path: Path) -> None:
    outlets = Outlets(built_in=RATE, headphones=24_000)
    bench = Bench(outlets)
    bench.play(Passage(path))
    bench.hear(48_000)
    bench.engine.set_device("headphones")
    bench.engine.step()
    assert outlets.opened == [None, "headphones"]
    heard = bench.hear(24_000)
    assert heard[1_000] == pytest.approx(NUMBERS[48_000 + 2_000], abs=0.002)
    assert bench.engine.position_s(1) == pytest.approx(2.0, abs=0.02)


def test_a_missing_file_is_told_by_name(tmp_path: Path, path: Path) -> None:
    bench = Bench()
    bench.play(Passage(tmp_path / "gone\n.wav"))
    [(ticket, trouble)] = bench.notes.ended
    assert ticket == 1
    assert trouble.startswith("gone\\n.wav: cannot be read: no such file")
    bench.play(Passage(path), ticket=2)
    assert np.abs(bench.hear(960)).max() > 0


def test_a_file_that_breaks_while_it_plays_fades_and_is_told(tmp_path: Path) -> None:
    sound = sine(5.0)
    sound[4 * RATE] = np.inf
    bench = Bench()
    bench.play(Passage(write(tmp_path / "bad.wav", sound)))
    heard = bench.hear(5 * RATE)
    assert largest_step(heard) < 1.1 * largest_step(sine(1.0))
    assert bench.notes.ended == [(1, "bad.wav: non-finite samples. Export it again.")]


def test_a_compressed_file_that_breaks_while_it_plays(tmp_path: Path) -> None:
    path = tmp_path / "bad.flac"
    noise = np.random.default_rng(0).standard_normal(10 * RATE) * 0.1
    soundfile.write(path, noise, RATE)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\x55" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    bench = Bench()
    bench.play(Passage(path))
    heard = bench.hear(12 * RATE)
    assert len(bench.notes.ended) == 1
    assert (heard[-RATE:] == 0).all()


def test_lists_devices_and_says_why_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    outlets = Outlets(built_in=RATE, headphones=RATE)
    bench = Bench(outlets)
    bench.engine.find_devices()
    bench.engine.step()
    bench.engine.step()
    found = (OutputDevice("built_in", True), OutputDevice("headphones", False))
    assert bench.notes.lists == [found]

    def none() -> tuple[OutputDevice, ...]:
        raise OutputError("No sound: no output device found", "connect one.")

    monkeypatch.setattr(outlets, "devices", none)
    bench.engine.find_devices()
    bench.engine.step()
    assert bench.notes.lists[1:] == [()]
    assert bench.notes.remarks == ["No sound: no output device found; connect one."]


def test_closing_fades_closes_the_stream_and_the_file(path: Path) -> None:
    outlets = Outlets(by_hand=False)
    notes = Notes()
    engine = Engine(output=outlets, news=notes)
    engine.start()
    engine.play(Passage(path, loop=(0.0, 0.5)), ticket=1)
    wait_until(lambda: (engine.position_s(1) or 0.0) > 0.1)
    engine.close()
    assert outlets.stream is not None
    assert not outlets.stream.active
    assert (outlets.recorded()[-1] == 0).all()
    assert "player" not in [thread.name for thread in threading.enumerate()]


def test_wishes_never_wait_for_a_device(path: Path) -> None:
    class Slow(Outlets):
        gate = threading.Event()

        def open(self, device: str | None, prepare: Callable[[int], Fill]) -> SilentStream:
            assert self.gate.wait(60)
            return super().open(device, prepare)

    outlets = Slow(by_hand=False)
    notes = Notes()
    engine = Engine(output=outlets, news=notes)
    engine.start()
    for ticket in range(1, 50):
        engine.play(Passage(path, start_s=ticket / 100), ticket=ticket)
        engine.set_volume_db(-ticket)
        assert engine.position_s(ticket) is None
    engine.play(Passage(path, start_s=1.0, end_s=1.05), ticket=50)
    outlets.gate.set()
    wait_until(lambda: bool(notes.ended))
    engine.close()
    assert notes.ended == [(50, "")]


def test_a_bug_is_logged_and_the_engine_lives_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", logged.append)
    outlets = Outlets(by_hand=False)
    notes = Notes()
    engine = Engine(output=outlets, news=notes)
    monkeypatch.setattr(outlets, "open", lambda *_: 1 / 0)
    engine.start()
    engine.play(Passage(path), ticket=1)
    wait_until(lambda: bool(notes.ended))
    assert notes.ended == [(1, "Playing failed: division by zero")]
    assert logged[0].exc_type is ZeroDivisionError
    monkeypatch.undo()
    engine.play(Passage(path, end_s=0.05), ticket=2)
    wait_until(lambda: len(notes.ended) == 2)
    engine.close()
    assert notes.ended[1] == (2, "")
