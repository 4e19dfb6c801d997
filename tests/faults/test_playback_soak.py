"""Eight hours of playing, seeking, pausing and looping, as fast as samples can be made (row 19)."""

from __future__ import annotations

import gc
import os
import random
from pathlib import Path

import numpy as np
import pytest

from app.desktop.player.passages import Passage
from app.desktop.player.silent import SilentOutput
from tests.app.desktop.player.fakes import FADE, RATE, Bench, numbered, write
from tests.faults.ledger import Ledger

FAULT = "playback soak"
FILE_S = 30
BLOCK = 1_920


def resident_bytes() -> int:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def looped_passage(path: Path, dice: random.Random) -> Passage:
    """From somewhere on, for ever."""
    start_s = dice.uniform(0, FILE_S - 2)
    return Passage(path, start_s=start_s, loop=(dice.uniform(0, start_s), FILE_S - 0.5))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for its memory")
@pytest.mark.parametrize("hour", range(1, 9))
def test_an_hour_of_playback(hour: int, tmp_path: Path, ledger: Ledger) -> None:
    path = write(tmp_path / "numbers.wav", numbered(FILE_S * RATE))
    dice, bench = random.Random(hour), Bench(SilentOutput(by_hand=True))
    files = memory = 0
    ticket = heard = operations = gaps = drifted = 0
    while heard < 3_600 * RATE:
        if not files and heard > 600 * RATE:  # it is warm
            gc.collect()
            files, memory = open_files(), resident_bytes()
        ticket, operations = ticket + 1, operations + 1
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
    gc.collect()
    grown = resident_bytes() - memory
    ledger.add(FAULT, hours=1, operations=operations, silent_samples=gaps, drifted=drifted)
    ledger.add(FAULT, KiB_grown=max(0, grown) // 1024, files_left_open=open_files() - files)
    bench.engine.close()
    assert (gaps, drifted, open_files() <= files) == (0, 0, True)
    assert grown < 1 << 20
    assert bench.notes.ended == []


def near_joint(position_s: float) -> bool:
    """Whether two places of a loop sound at once just now."""
    return FILE_S - 0.5 - position_s < 2 * FADE / RATE
