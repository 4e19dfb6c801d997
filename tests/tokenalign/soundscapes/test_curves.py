"""Envelopes, wandering curves and rhythms keep the bounds and rates that were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.soundscapes.curves import breakpoints, burst, scattered, steps, wander
from tokenalign.soundscapes.take import CORE_RATE_HZ, Take, add


def take_of(duration_s: float, seed: int = 0) -> Take:
    return Take(np.random.default_rng(seed), round(duration_s * CORE_RATE_HZ))


def test_a_wandering_curve_stays_inside_and_uses_the_room() -> None:
    curve = wander(take_of(20), -2.0, 3.0, changes_per_s=4)
    assert len(curve) == 20 * CORE_RATE_HZ
    assert -2.0 <= curve.min() < -1.5
    assert 2.5 < curve.max() <= 3.0
    assert np.abs(np.diff(curve)).max() < 1.6 * 5 * 4 / CORE_RATE_HZ


def test_breakpoints_are_joined_by_straight_lines() -> None:
    curve = breakpoints(take_of(1), {0: 0.0, 0.5: 1.0, 1: 0.0})
    assert curve[[0, 8000, 16000, 24000]] == pytest.approx([0.0, 0.5, 1.0, 0.5])


def test_a_burst_rises_then_falls_by_60_db() -> None:
    curve = burst(take_of(1), attack_s=0.1, decay_s=0.5)
    assert curve[1600] == pytest.approx(0.5)
    assert curve[3200] == pytest.approx(1.0)
    assert curve[3200 + 16000] == pytest.approx(0.001)


def test_steps_are_even_without_jitter() -> None:
    assert list(steps(take_of(1), 0.25, first_s=0.1)) == pytest.approx([0.1, 0.35, 0.6, 0.85])


def test_jitter_varies_the_interval_but_not_the_rate() -> None:
    intervals = np.diff(list(steps(take_of(200), 0.5, jitter=0.1)))
    assert intervals.mean() == pytest.approx(0.5, rel=0.03)
    assert intervals.std() == pytest.approx(0.05, rel=0.25)


def test_scattered_events_are_as_many_as_asked_and_at_least_one() -> None:
    assert len(scattered(take_of(100), 20.0)) == pytest.approx(2000, rel=0.1)
    assert len(scattered(take_of(0.001), 0.001)) == 1


def test_add_mixes_at_a_time_and_drops_what_does_not_fit() -> None:
    canvas = np.zeros(10)
    add(canvas, np.ones(4), 8 / CORE_RATE_HZ, 0.5)
    add(canvas, np.arange(1.0, 5.0), -2 / CORE_RATE_HZ)
    add(canvas, np.ones(3), 1.0)
    assert canvas.tolist() == [3, 4, 0, 0, 0, 0, 0, 0, 0.5, 0.5]
