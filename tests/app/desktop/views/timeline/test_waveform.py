"""Outlines as columns, held against a naive reference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from app.desktop.views.timeline.waveform import Outline, coverage, extremes, highest
from tokenalign.audio.peaks import Peaks

Floats = NDArray[np.float32]


def outline(low: Floats, high: Floats, start_s: float = 0.0, end_s: float = 10.0) -> Outline:
    return Outline(Peaks(low, high, end_s - start_s), start_s, end_s)


def noise(bins: int, start_s: float = 0.0, end_s: float = 10.0) -> Outline:
    rng = np.random.default_rng(bins)
    low, high = -rng.random(bins, np.float32), rng.random(bins, np.float32)
    return outline(low, high, start_s, end_s)


def naive(shown: Outline, start_s: float, end_s: float, columns: int) -> tuple[Floats, Floats]:
    """The extremes of all stretches that begin in a column, and the one it begins in."""
    low, high = [], []
    stretch_s = (shown.end_s - shown.start_s) / len(shown.peaks.low)
    edges_s = np.linspace(start_s, end_s, columns + 1)
    for left_s, right_s in pairwise(edges_s):
        first = min(int((left_s - shown.start_s) / stretch_s), len(shown.peaks.low) - 1)
        last = max(first + 1, int((right_s - shown.start_s) / stretch_s))
        low.append(shown.peaks.low[first:last].min())
        high.append(shown.peaks.high[first:last].max())
    return np.array(low, np.float32), np.array(high, np.float32)


@pytest.mark.parametrize(("bins", "columns"), [(1000, 100), (1024, 1024), (800, 50)])
def test_a_column_holds_the_extremes_of_its_stretches(bins: int, columns: int) -> None:
    shown = noise(bins)
    for start_s, end_s in ((0.0, 10.0), (2.5, 10.0)):
        if (end_s - start_s) * bins / 10 >= columns:
            columns_fit = extremes([shown], start_s, end_s, columns)
            for fast, slow in zip(columns_fit, naive(shown, start_s, end_s, columns), strict=True):
                assert np.mean(fast != slow) < 0.02  # an edge may round to the next stretch


def test_no_peak_is_lost_however_few_columns_there_are() -> None:
    high = np.zeros(10_000, np.float32)
    high[7777] = 1.0
    _, shown = extremes([outline(-high, high)], 0.0, 10.0, 30)
    assert np.flatnonzero(shown).tolist() == [7777 * 30 // 10_000]


def test_between_stretches_lines_are_straight() -> None:
    high = np.array([0.0, 1.0], np.float32)
    low, shown = extremes([outline(-high, high)], 2.5, 7.5, 10)
    assert shown == pytest.approx(np.linspace(0.1, 1.0, 10), abs=1e-6)
    assert low == pytest.approx(-shown, abs=1e-6)


def test_a_finer_outline_goes_over_the_coarse_one_only_where_it_is() -> None:
    coarse = outline(-np.ones(100, np.float32), np.ones(100, np.float32))
    fine = outline(np.zeros(100, np.float32), np.zeros(100, np.float32), 4.0, 6.0)
    _, high = extremes([coarse, fine], 0.0, 10.0, 10)
    assert high.tolist() == [1, 1, 1, 1, 0, 0, 1, 1, 1, 1]


def test_where_there_is_no_outline_there_is_silence() -> None:
    loud = outline(-np.ones(10, np.float32), np.ones(10, np.float32), 0.0, 5.0)
    _, high = extremes([loud], 0.0, 10.0, 10)
    assert high.tolist() == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    empty = outline(np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert not extremes([empty], 0.0, 10.0, 10)[1].any()


def test_the_highest_sample_may_be_a_low_one() -> None:
    one = Peaks(np.array([-0.75], np.float32), np.array([0.5], np.float32), 1.0)
    assert highest(one) == 0.75


def test_silence_is_a_hairline_and_a_full_sound_fills_most_of_the_height() -> None:
    silence = coverage(np.zeros(1, np.float32), np.zeros(1, np.float32), rows=100, loudest=0.0)
    assert silence.sum() == pytest.approx(255, abs=2)
    assert np.flatnonzero(silence[:, 0]).tolist() == [49, 50]
    full = coverage(-np.ones(1, np.float32), np.ones(1, np.float32), rows=100, loudest=1.0)
    assert full.sum() / 255 == pytest.approx(92, abs=0.1)
    assert full[50, 0] == 255
    assert full[0, 0] == 0


def test_a_quiet_sound_is_drawn_as_high_as_a_loud_one() -> None:
    loud = np.linspace(0, 1, 40).astype(np.float32)
    quiet = loud * np.float32(0.1)
    one = coverage(-loud, loud, rows=60, loudest=1.0)
    other = coverage(-quiet, quiet, rows=60, loudest=0.1)
    assert np.abs(one.astype(int) - other).max() <= 1
