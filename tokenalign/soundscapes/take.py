"""A sound in the making: its random numbers, its length, and how parts are laid into it.

Everything in this package is rendered at one rate, `CORE_RATE_HZ`, so that a seed gives the same
sound whatever rate it is delivered at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
"""[S] samples, or a control curve with one value a sample."""

CORE_RATE_HZ = 32000


@dataclass(frozen=True)
class Take:
    """One rendering: a stream of random numbers and the number of samples to fill.

    Attributes:
        rng: where all chance comes from.
        sample_count: length at `CORE_RATE_HZ`.
    """

    rng: np.random.Generator
    sample_count: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.sample_count / CORE_RATE_HZ

    @property
    def times_s(self) -> Signal:
        """Time of each sample, [S]."""
        return np.arange(self.sample_count) / CORE_RATE_HZ

    def lasting(self, duration_s: float) -> Take:
        """A take of another length on the same random numbers."""
        return Take(self.rng, max(1, round(duration_s * CORE_RATE_HZ)))

    def silence(self) -> Signal:
        """Zeros of this take's length, to `add` sounds to."""
        return np.zeros(self.sample_count)

    def between(self, low: float, high: float) -> float:
        """A value drawn evenly from a range."""
        return float(self.rng.uniform(low, high))

    def pitch(self, low_hz: float, high_hz: float) -> float:
        """A value drawn evenly on a logarithmic scale: frequencies, rates, sizes."""
        return math.exp(self.between(math.log(low_hz), math.log(high_hz)))

    def chance(self, probability: float) -> bool:
        """True that often."""
        return float(self.rng.random()) < probability

    def count(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(least, most + 1))

    def pick(self, options: Sequence[float]) -> float:
        """One of several values, each as likely."""
        return float(options[int(self.rng.integers(len(options)))])


def add(canvas: Signal, sound: Signal, at_s: float, gain: float = 1.0) -> None:
    """Mix a sound into a canvas in place; what reaches past the canvas is left out."""
    start = round(at_s * CORE_RATE_HZ)
    skipped = max(0, -start)
    start = max(0, start)
    room = canvas[start : start + len(sound) - skipped]
    room += gain * sound[skipped : skipped + len(room)]
