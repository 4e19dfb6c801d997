"""The time axis: which seconds stand at which pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, log10

from app.times import clock

SHORTEST_S = 0.01
"""Nobody zooms further in."""

OUTSIDE = 1000.0
"""Pixels beside the row that times out of sight stand at, at most: Qt's whole numbers end."""

FOLLOWS_S = 1.0
"""The view follows the playhead while it moves on by less than this: further is a seek."""

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)


@dataclass(frozen=True)
class TimeAxis:
    """Seconds along a row of pixels.

    Attributes:
        duration_s: of the whole sound.
        start_s: at the left end.
        end_s: at the right end.
        left: pixel of the left end.
        width: pixels from end to end.
    """

    duration_s: float = 0.0
    start_s: float = 0.0
    end_s: float = 0.0
    left: float = 0.0
    width: float = 1.0

    @property
    def visible_s(self) -> float:
        """How many seconds are seen."""
        return self.end_s - self.start_s

    @property
    def whole(self) -> bool:
        """Whether the sound is seen from end to end."""
        return self.start_s <= 0 and self.end_s >= self.duration_s

    def x(self, time_s: float) -> float:
        """The pixel of a time; outside the row, but not far, for times that are not seen."""
        x = (time_s - self.start_s) * self.width / max(self.visible_s, 1e-9)
        return self.left + min(max(-OUTSIDE, x), self.width + OUTSIDE)

    def time_s(self, x: float) -> float:
        """The time at a pixel, of those that are seen."""
        time_s = self.start_s + (x - self.left) * self.visible_s / self.width
        return min(max(self.start_s, time_s), self.end_s)

    def placed(self, left: float, width: float) -> TimeAxis:
        """The same seconds on other pixels."""
        return replace(self, left=left, width=max(1.0, width))

    def over_all(self) -> TimeAxis:
        """The whole sound on the same pixels."""
        return replace(self, start_s=0.0, end_s=self.duration_s)

    def showing(self, start_s: float, end_s: float) -> TimeAxis:
        """The seconds asked for, moved and cut to lie within the sound."""
        length_s = min(max(end_s - start_s, SHORTEST_S), self.duration_s)
        middle_s = (start_s + end_s) / 2
        start_s = min(max(0.0, middle_s - length_s / 2), self.duration_s - length_s)
        return replace(self, start_s=start_s, end_s=start_s + length_s)

    def zoomed(self, factor: float, at_s: float) -> TimeAxis:
        """Seconds become so many times as wide; `at_s` stays at its pixel where it can."""
        length_s = min(max(self.visible_s / factor, SHORTEST_S), self.duration_s)
        share = (at_s - self.start_s) / max(self.visible_s, 1e-9)
        start_s = at_s - share * length_s
        return self.showing(start_s, start_s + length_s)

    def moved(self, by_s: float) -> TimeAxis:
        """As many seconds, later by `by_s` as far as there are any."""
        return self.showing(self.start_s + by_s, self.end_s + by_s)

    def followed(self, before_s: float | None, position_s: float) -> TimeAxis | None:
        """The next page if the playhead has just played out of what is seen, else None."""
        if before_s is None or not 0 <= position_s - before_s < FOLLOWS_S:
            return None
        leaves = self.start_s <= before_s <= self.end_s < position_s
        return self.moved(position_s - self.start_s - 0.05 * self.visible_s) if leaves else None


@dataclass(frozen=True)
class Tick:
    """A mark on the ruler."""

    time_s: float
    text: str


def ticks(axis: TimeAxis, *, spacing: float) -> list[Tick]:
    """Round times that are seen, at least `spacing` pixels apart."""
    if axis.visible_s <= 0:
        return []
    step_s = _step_s(spacing * axis.visible_s / axis.width)
    digits = max(0, ceil(-log10(step_s) - 1e-9))
    longest_s = axis.end_s
    return [
        Tick(number * step_s, clock(number * step_s, digits=digits, longest_s=longest_s))
        for number in range(ceil(axis.start_s / step_s), floor(axis.end_s / step_s) + 1)
    ]


def _step_s(least_s: float) -> float:
    """The smallest round step that is no shorter: 1, 2 or 5 times a power of ten, or clock-like."""
    for step_s in _STEPS_S if least_s > 0.5 else ():
        if step_s >= least_s:
            return float(step_s)
    power = 10.0 ** floor(log10(least_s))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least_s)
