"""Shapes in time: envelopes, curves that wander, and rhythms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take

CONTROL_SAMPLES = 64
"""Slow curves are worked out once in so many samples."""


def wander(take: Take, low: float, high: float, *, changes_per_s: float) -> Signal:
    """A smooth random curve [S] between two values, with a new aim so often a second."""
    controls = np.arange(0, take.sample_count + CONTROL_SAMPLES, CONTROL_SAMPLES)
    position = controls / CORE_RATE_HZ * changes_per_s + take.between(0.0, 1.0)
    course = position.astype(np.int64)
    aims = take.rng.uniform(low, high, int(course[-1]) + 2)
    share = position - course
    curve = aims[course] + (aims[course + 1] - aims[course]) * share**2 * (3 - 2 * share)
    return np.interp(np.arange(take.sample_count), controls, curve)


def breakpoints(take: Take, points: Mapping[float, float]) -> Signal:
    """A curve [S] through (share of the take's length, value), straight in between."""
    share = np.arange(take.sample_count) / take.sample_count
    return np.interp(share, list(points.keys()), list(points.values()))


def burst(take: Take, *, attack_s: float, decay_s: float) -> Signal:
    """An envelope [S]: a straight rise, then a fall by 60 dB in ``decay_s``."""
    times_s = take.times_s
    rise = np.minimum(times_s / max(attack_s, 1e-4), 1.0)
    fall = np.exp(-np.log(1000.0) * np.maximum(times_s - attack_s, 0.0) / decay_s)
    return np.asarray(rise * fall)


def steps(
    take: Take, interval_s: float, *, jitter: float = 0.0, first_s: float = 0.02
) -> Iterator[float]:
    """Times of a pulse until the take ends; each interval varies by a share `jitter`."""
    at_s = first_s
    while at_s < take.duration_s:
        yield at_s
        at_s += interval_s * max(0.1, 1 + jitter * float(take.rng.standard_normal()))


def scattered(take: Take, per_s: float) -> Signal:
    """Times of events that know nothing of each other (a Poisson process), in order."""
    count = int(take.rng.poisson(per_s * take.duration_s))
    return np.sort(take.rng.uniform(0.0, take.duration_s, max(1, count)))
