"""How sure a figure is: percentile intervals over resampled units.

A unit is what was drawn independently, such as a clip or a group; the captions of one clip belong
to one unit (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Statistic = Callable[[Values], float]


@dataclass(frozen=True)
class Interval:
    """A figure, and the range that holds the middle share of its resampled values."""

    value: float
    low: float
    high: float


def mean(values: Values) -> float:
    """The statistic that most figures are."""
    return float(values.mean())


def interval(
    values: Values,
    statistic: Statistic = mean,
    *,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Interval of a statistic.

    Args:
        values: [U, ...], one row a unit. Where units hold different numbers of values, their
            indices, and a statistic that looks the values up.
        statistic: of any number of rows.
        level: share of the resampled values inside the interval.
        resamples: how often U units are drawn, with replacement.
        seed: of the draws.

    Raises:
        ValueError: there is no unit.
    """
    drawn = [statistic(values[units]) for units in _draws(len(values), resamples, seed)]
    return _interval(statistic(values), drawn, level)


def grouped_interval(
    values: NDArray[np.float64],
    groups: NDArray[np.int64],
    *,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Interval of the mean of values that come in groups, such as the captions of one clip.

    Whole groups are drawn, since their values are alike: a value more in a group says less than a
    group more.

    Args:
        values: [V].
        groups: [V], the group of each; any numbers.
        level: share of the resampled means inside the interval.
        resamples: how often as many groups as there are are drawn, with replacement.
        seed: of the draws.

    Raises:
        ValueError: there is no value, or the lengths differ.
    """
    if len(values) != len(groups):
        raise ValueError(f"{len(values)} values, {len(groups)} groups: must be as many")
    _, places, counts = np.unique(groups, return_inverse=True, return_counts=True)
    totals = np.column_stack([np.bincount(places, weights=values), counts])
    return interval(totals, _mean_of_totals, level=level, resamples=resamples, seed=seed)


def _mean_of_totals(totals: Values) -> float:
    """Mean of all values, given each group's sum and count, [U, 2]."""
    total, count = totals.sum(axis=0)
    return float(total / count)


def _draws(units: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Indices of the units drawn each time."""
    if units < 1:
        raise ValueError("needs at least one unit")
    generator = np.random.default_rng(seed)
    for _ in range(resamples):
        yield generator.integers(units, size=units)


def _interval(value: float, drawn: list[float], level: float) -> Interval:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value=value, low=float(low), high=float(high))
