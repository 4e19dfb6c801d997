from __future__ import annotations

from pathlib import Path

import numpy as np

from app.desktop.models.outlines import KEPT, POINTS, Outlines, thinned
from tokenalign.audio.peaks import Peaks


def test_a_thinned_outline_keeps_every_extreme() -> None:
    high = np.random.default_rng(1).random(2001, np.float32)
    few = thinned(Peaks(-2 * high, high, 3.0))
    assert len(few.low) == len(few.high) == POINTS
    naive = [part.max() for part in np.split(high, [2001 * i // POINTS for i in range(1, POINTS)])]
    np.testing.assert_array_equal(few.high, naive)
    np.testing.assert_array_equal(few.low, -2 * few.high)
    assert few.duration_s == 3.0


def test_a_short_outline_stays_as_it_is() -> None:
    short = Peaks(np.zeros(3, np.float32), np.ones(3, np.float32), 0.1)
    assert thinned(short) is short


def test_the_latest_outlines_are_kept() -> None:
    outlines = Outlines()
    paths = [Path(str(number)) for number in range(KEPT + 1)]
    for path in paths:
        outlines.put(path, None)
    assert outlines.missing([*paths, paths[0]]) == [paths[0]]


def test_an_empty_outline_is_nothing_to_draw() -> None:
    outlines = Outlines()
    outlines.put(Path("a"), Peaks(np.zeros(0, np.float32), np.zeros(0, np.float32), 0.0))
    assert outlines.get(Path("a")) is None
    assert outlines.missing([Path("a")]) == []
