"""Eight hours of playing, seeking, pausing and looping, as fast as samples can be made (row 19)."""

from __future__ import annotations

import gc
import os
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from app.desktop.player.passages import Passage
from app.desktop.player.silent import SilentOutput
from tests.app.desktop.player.fakes import FADE, RATE, Bench, numbered, write
from tests.faults.ledger import Ledger

FAULT = "playback soak"
FILE_S = 30
BLOCK = 1_920
HOUR_S = 3_600
WARM_UP_S = 600

MOST_GROWN = 64 << 10
"""Bytes of objects, Python's and NumPy's, in an hour of some 600 operations."""

MOST_RESIDENT_GROWN = 8 << 20
"""Bytes of the process, for what libraries keep; the allocator takes a few MiB in a first hour."""


class Heard(NamedTuple):
    """What some time of playback was like."""

    operations: int
    silent_samples: int
    drifted: int


class Held(NamedTuple):
    """What the process holds."""

    files: int
    objects: int
    resident: int

    @classmethod
    def now(cls) -> Held:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            files=len(list(Path("/proc/self/fd").iterdir())),
            objects=tracemalloc.get_traced_memory()[0],
            resident=pages * os.sysconf("SC_PAGE_SIZE"),
        )


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for its memory")
@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("hour", range(1, 9))
def test_an_hour_of_playback(hour: int, tmp_path: Path, ledger: Ledger) -> None:
    path = write(tmp_path / "numbers.wav", numbered(FILE_S * RATE))
    dice = random.Random(hour)
    play(path, WARM_UP_S, dice)
    before = Held.now()
    heard = play(path, HOUR_S, dice)
    after = Held.now()
    grown = after.objects - before.objects
    ledger.add(FAULT, hours=1, **heard._asdict())
    ledger.add(FAULT, KiB_grown=max(0, grown) // 1024, files_left_open=after.files - before.files)
    assert (heard.silent_samples, heard.drifted) == (0, 0)
    assert after.files == before.files
    assert grown < MOST_GROWN
    assert after.resident - before.resident < MOST_RESIDENT_GROWN


def play(path: Path, seconds_s: int, dice: random.Random) -> Heard:
    """Hear so much of a file, from here and there."""
    bench = Bench(SilentOutput(by_hand=True))
    ticket = heard = gaps = drifted = 0
    while heard < seconds_s * RATE:
        ticket += 1
        bench.play(looped_passage(path, dice), ticket=ticket)
        if dice.random() < 0.3:
            bench.hear(dice.randrange(1, RATE), block=BLOCK)
            bench.engine.set_playing(False)
            bench.hear(dice.randrange(FADE, RATE), block=BLOCK)
            bench.engine.set_playing(True)
            bench.hear(FADE, block=BLOCK)
        if dice.random() < 0.1:
            bench.engine.stop()
            bench.hear(RATE // 10, block=BLOCK)
            continue
        samples = bench.hear(dice.randrange(2 * FADE, 12 * RATE), block=BLOCK)[FADE:, 0]
        place = round(float(samples[-1]) * 2 * FILE_S * RATE)  # the sample tells, see `numbered`
        position_s = bench.engine.position_s(ticket)
        assert position_s is not None
        gaps += int(np.count_nonzero(samples == 0))
        drifted += abs(position_s * RATE - place) > 1 and not near_joint(position_s)
        heard += len(samples)
    bench.engine.close()
    assert bench.notes.ended == []
    return Heard(ticket, gaps, drifted)


def looped_passage(path: Path, dice: random.Random) -> Passage:
    """From somewhere on, for ever."""
    start_s = dice.uniform(0, FILE_S - 2)
    return Passage(path, start_s=start_s, loop=(dice.uniform(0, start_s), FILE_S - 0.5))


def near_joint(position_s: float) -> bool:
    """Whether two places of a loop sound at once just now."""
    return FILE_S - 0.5 - position_s < 2 * FADE / RATE
