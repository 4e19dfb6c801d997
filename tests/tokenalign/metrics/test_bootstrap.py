"""Intervals: against theory, and what pairing buys."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.metrics.bootstrap import (
    Interval,
    grouped_interval,
    interval,
)


def test_values_without_spread_have_no_spread() -> None:
    found = interval(np.full(20, 0.25))
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(7).normal(3.0, 2.0, size=400)
    found = interval(values, resamples=4000)
    half_width = 1.96 * values.std() / np.sqrt(400)
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half_width, abs=0.02)
    assert found.high == pytest.approx(values.mean() + half_width, abs=0.02)


def test_level_is_the_share_inside() -> None:
    values = np.random.default_rng(8).normal(size=400)
    found = interval(values, level=0.6827, resamples=4000)
    assert found.high - found.low == pytest.approx(2 * values.std() / 20, rel=0.05)


def test_whole_rows_are_drawn() -> None:
    rows = np.array([[1.0, -1.0]] * 5 + [[4.0, -4.0]] * 5)
    found = interval(rows, lambda drawn: float(drawn.sum()))
    assert (found.low, found.high) == (0.0, 0.0)


def test_units_of_different_sizes_are_drawn_by_index() -> None:
    units = [np.array([0.0]), np.array([1.0, 1.0, 1.0])]

    def pooled_mean(indices: np.ndarray) -> float:
        return float(np.concatenate([units[index] for index in indices]).mean())

    found = interval(np.arange(2), pooled_mean)
    assert (found.value, found.low, found.high) == (0.75, 0.0, 1.0)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(10.0)
    assert interval(values, seed=5) == interval(values, seed=5)
    assert interval(values, seed=5) != interval(values, seed=6)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        interval(np.zeros(0))


def test_the_value_of_a_grouped_interval_is_the_mean_of_all_values() -> None:
    values = np.array([1.0, 0.0, 0.0, 1.0])

    found = grouped_interval(values, np.array([7, 7, 7, 9]))

    # Both groups, or one of them twice: 1/3 and 1.
    assert found == Interval(value=0.5, low=1 / 3, high=1.0)


def test_repeated_values_in_a_group_make_no_figure_surer() -> None:
    values = np.random.default_rng(1).random(40)
    once = grouped_interval(values, np.arange(40))
    five_times = grouped_interval(np.repeat(values, 5), np.repeat(np.arange(40), 5))
    alone = interval(np.repeat(values, 5))

    assert once.low == pytest.approx(interval(values).low)
    assert five_times.low == pytest.approx(once.low)
    assert five_times.high == pytest.approx(once.high)
    assert alone.high - alone.low < 0.6 * (five_times.high - five_times.low)


def test_a_grouped_interval_needs_a_group_for_each_value() -> None:
    with pytest.raises(ValueError, match="3 values, 2 groups"):
        grouped_interval(np.zeros(3), np.zeros(2, np.int64))
