"""Seconds that something takes, often enough to be believed."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

RUNS = 5


def seconds(act: Callable[[], object]) -> float:
    """How long one run takes."""
    started_s = time.perf_counter()
    act()
    return time.perf_counter() - started_s


def median_s(act: Callable[[], object], *, runs: int = RUNS) -> float:
    """The median of some runs; a first one to warm up does not count."""
    act()
    return median(seconds(act) for _ in range(runs))


def medians_s(
    ours: Callable[[], object], peer: Callable[[], object], *, runs: int = RUNS
) -> tuple[float, float]:
    """Medians of two acts, run by turns so that a busy machine slows both."""
    ours()
    peer()
    pairs = [(seconds(ours), seconds(peer)) for _ in range(runs)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
