"""What a measurement gives: a figure of ours beside a peer's, compared with a goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.bench.workplace import Workplace


@dataclass(frozen=True)
class Goal:
    """What a row should reach; what is None is not asked for.

    Attributes:
        ratio: how many times better than the peer, at least.
        most: our own figure, at most.
        least: our own figure, at least.
        unit: of the figure.
    """

    ratio: float | None = None
    most: float | None = None
    least: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        parts = [
            "" if self.ratio is None else f"≥ {self.ratio:g}x",
            "" if self.most is None else f"≤ {self.most:g}{unit}",
            "" if self.least is None else f"≥ {self.least:g}{unit}",
        ]
        return ", ".join(part for part in parts if part)

    def reached(self, ours: float, ratio: float) -> bool:
        """Whether all that is asked for is so."""
        return (
            (self.ratio is None or ratio >= self.ratio)
            and (self.most is None or ours <= self.most)
            and (self.least is None or ours >= self.least)
        )


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: what was measured, and its unit.
        ours: our figure; None if nothing of it can be measured without the peer.
        peer: the peer's; None if it could not be measured.
        ratio: how many times better ours is; None likewise.
        goal: in words.
        reached: whether the goal is; never without a peer.
        note: how it was measured, or why the peer was not.
    """

    name: str
    ours: float | None
    peer: float | None
    ratio: float | None
    goal: str
    reached: bool
    note: str = ""


class MissingPeerError(Exception):
    """The peer is not installed; the message says how to."""


class Measurement(Protocol):
    """Measures one row of the table."""

    @property
    def key(self) -> str:
        """What ``--row`` calls it."""

    def row(self, workplace: Workplace) -> Row:
        """Measure ours and the peer's in this very run."""


def measured(measurement: Measurement, workplace: Workplace) -> Row:
    """A row; of a measurement that its missing peer makes impossible, one that says so."""
    try:
        return measurement.row(workplace)
    except MissingPeerError as missing:
        return Row(measurement.key, None, None, None, "", False, str(missing))


def compared(
    name: str,
    *,
    ours: float,
    peer: float | MissingPeerError,
    goal: Goal,
    more_is_better: bool = False,
    note: str = "",
) -> Row:
    """A row of two figures; without the peer's, it says what is missing."""
    if isinstance(peer, MissingPeerError):
        return Row(name, ours, None, None, str(goal), False, f"{note}; {peer}".removeprefix("; "))
    better, worse = (ours, peer) if more_is_better else (peer, ours)
    ratio = better / worse
    return Row(name, ours, peer, ratio, str(goal), goal.reached(ours, ratio), note)
