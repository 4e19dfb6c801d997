from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from app.desktop.player.passages import Course, Passage, blocks, course_of
from app.desktop.player.reader import SoundReader
from tests.app.desktop.player.fakes import (
    FADE,
    RATE,
    FloatArray,
    largest_step,
    numbered,
    sine,
    write,
)

ANY = Path("any.wav")


def course(start_s: float, end_s: float | None = None, loop: object = None) -> Course:
    passage = Passage(ANY, start_s, end_s, loop)  # type: ignore[arg-type]
    return course_of(passage, rate=1000, samples=10_000)


def played(path: Path, along: Course, samples: int) -> FloatArray:
    reader = SoundReader(path, rate=RATE)
    parts, missing = [], samples
    for part in blocks(reader, along, rate=RATE, block=480):
        parts.append(part)
        missing -= len(part)
        if missing <= 0:
            break
    reader.close()
    return np.concatenate(parts)[:samples]


def test_seconds_become_samples() -> None:
    assert course(1.5) == Course(1500)
    assert course(1.5, 2.25) == Course(1500, 2250)
    assert course(-1.0, 2.0) == Course(0, 2000)
    assert course(3.0, 2.0) == Course(3000, 3000)
    assert course(99.0) == Course(10_000)
    assert course(1.0, 4.0, (1.0, 3.0)) == Course(1000, loop=(1000, 3000))


def test_loops_are_made_to_fit() -> None:
    assert course(1.0, None, (1.0, float("inf"))).loop == (1000, 10_000)
    assert course(1.0, None, (1.0, 1.0)).loop == (1000, 1020)
    assert course(9.0, None, (10.5, 11.0)).loop == (9980, 10_000)
    assert course(5.0, None, (1.0, 2.0)) == Course(5000)  # who starts behind it hears on


def test_positions_by_hand() -> None:
    along = Course(50, loop=(100, 110))
    assert [along.position(n) for n in (0, 49, 59, 60, 69, 70, 95)] == [
        *(50, 99, 109, 100, 109, 100, 105)
    ]
    assert Course(7).position(5) == 12


def test_once_ends_in_a_fade(tmp_path: Path) -> None:
    sound = numbered(10_000)
    path = write(tmp_path / "a.wav", sound)
    whole = played(path, Course(1_000, 3_000), 99_999)
    assert len(whole) == 2_000
    assert (whole[:-FADE] == sound[1_000 : 3_000 - FADE]).all()
    falling = np.arange(FADE)[::-1] / FADE
    assert whole[-FADE:, 0] == pytest.approx(sound[3_000 - FADE : 3_000, 0] * falling, abs=1e-6)
    to_the_end = played(path, Course(9_000), 99_999)
    assert len(to_the_end) == 1_000
    assert (to_the_end[-1] == 0).all()


def test_a_sound_shorter_than_the_fade(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", numbered(50))
    assert len(played(path, Course(0), 999)) == 50


@pytest.mark.parametrize(("first", "last"), [(2_000, 5_000), (0, 3_000), (100, 1_060)])
def test_every_round_of_a_loop_is_the_region_to_the_sample(
    tmp_path: Path, first: int, last: int
) -> None:
    sound = numbered(10_000)
    path = write(tmp_path / "a.wav", sound)
    length, fade = last - first, min(FADE, (last - first) // 2)
    heard = played(path, Course(first, loop=(first, last)), 5 * length)
    for n in range(5):
        one = heard[n * length : (n + 1) * length]
        assert (one[:-fade] == sound[first : last - fade]).all()
    before = np.pad(sound, ((fade, 0), (0, 0)))[first : first + fade]
    rising = np.arange(1, fade + 1)[:, None] / fade
    joint = sound[last - fade : last] * (1 - rising) + before * rising
    assert heard[length - fade : length] == pytest.approx(joint, abs=1e-6)


def test_a_long_loop_is_read_anew_each_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.wav", numbered(10_000))
    along = Course(3_000, loop=(2_000, 5_000))
    kept = played(path, along, 20_000)
    monkeypatch.setattr("app.desktop.player.passages.LONGEST_KEPT_S", 0.0)
    assert (played(path, along, 20_000) == kept).all()


def test_a_loop_may_begin_before_or_inside_its_region(tmp_path: Path) -> None:
    sound = numbered(10_000)
    path = write(tmp_path / "a.wav", sound)
    for start in (1_000, 3_000, 4_950):
        heard = played(path, Course(start, loop=(2_000, 5_000)), 9_000)
        fade = min(FADE, 5_000 - start)
        assert (heard[: 5_000 - start - fade] == sound[start : 5_000 - fade]).all()
        assert (heard[5_000 - start :][: 3_000 - FADE] == sound[2_000 : 5_000 - FADE]).all()


def test_the_joint_of_a_loop_does_not_click(tmp_path: Path) -> None:
    tone = sine(1.0)
    path = write(tmp_path / "a.wav", tone)
    # 10,020 samples are no whole number of periods: a bare joint would jump.
    heard = played(path, Course(5_000, loop=(5_000, 15_020)), 60_000)
    bare = np.concatenate([tone[5_000:15_020], tone[5_000:15_020]])
    assert largest_step(bare) > 1.5 * largest_step(tone)
    assert largest_step(heard) < 1.1 * largest_step(tone)


def test_a_loop_goes_on_for_ever(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", numbered(2_000))
    reader = SoundReader(path, rate=RATE)
    rounds = blocks(reader, Course(0, loop=(0, 960)), rate=RATE, block=480)
    assert sum(len(block) for block in islice(rounds, 3_000)) == 960_000
    reader.close()
