"""The mouse on the timeline: presses, moves and releases become things to do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint

from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.spots import NOWHERE, Kind, Spot


@dataclass(frozen=True)
class Seek:
    """Go to a time."""

    time_s: float


@dataclass(frozen=True)
class Play:
    """Play a stretch."""

    span: Span


@dataclass(frozen=True)
class Mark:
    """Make a region, change it, or take it away; finished when the button is up."""

    span: Span | None
    finished: bool


@dataclass(frozen=True)
class Look:
    """Bring a time into the middle of what is seen."""

    time_s: float


@dataclass(frozen=True)
class DragOut:
    """The region leaves the window."""


Action = Seek | Play | Mark | Look | DragOut | None


class Mouse:
    """From the button's press to its release.

    Args:
        scene: what is pointed at; it is read only.
        threshold: pixels after which a move is a drag and no slip.
    """

    def __init__(self, *, scene: Scene, threshold: int) -> None:
        self._scene = scene
        self._threshold = threshold
        self._spot: Spot = NOWHERE
        self._at = QPoint()
        self._fixed_s = 0.0
        self._dragged = False

    @property
    def busy(self) -> bool:
        """Whether the button is down."""
        return self._spot.kind is not Kind.NOTHING

    def press(self, spot: Spot, point: QPoint) -> Action:
        """The button goes down."""
        self._spot, self._at, self._dragged = spot, point, False
        self._fixed_s = self._scene.axis.time_s(point.x())
        region = self._scene.region
        if region is not None and spot.kind in (Kind.REGION_START, Kind.REGION_END):
            self._fixed_s = region[1 if spot.kind is Kind.REGION_START else 0]
        return self._look(point) if spot.kind is Kind.STRIP else None

    def move(self, point: QPoint) -> Action:
        """The mouse moves with the button down."""
        far = (point - self._at).manhattanLength() >= self._threshold
        self._dragged = self._dragged or far
        if not self._dragged or self._spot.kind in (Kind.NOTHING, Kind.LABEL):
            return None
        if self._spot.kind is Kind.STRIP:
            return self._look(point)
        if self._spot.kind is Kind.GRIP:
            self.forget()
            return DragOut()
        return self._mark(point, finished=False)

    def release(self, point: QPoint) -> Action:
        """The button goes up: the end of a drag, or a click."""
        spot, dragged = self._spot, self._dragged
        action = self._clicked(spot, point)
        if dragged:
            draws = spot.kind not in (Kind.NOTHING, Kind.LABEL, Kind.STRIP)
            action = self._mark(point, finished=True) if draws else None
        self.forget()
        return action

    def forget(self) -> None:
        """The button is up, and nothing comes of it."""
        self._spot, self._dragged = NOWHERE, False

    def _clicked(self, spot: Spot, point: QPoint) -> Action:
        if spot.kind in (Kind.NOTHING, Kind.STRIP):
            return None
        if spot.kind is Kind.GRIP and self._scene.region is not None:
            return Play(self._scene.region)
        if spot.kind is Kind.LABEL:
            best = spot.lane.best if spot.lane else None
            return Play((best.start_s, best.end_s)) if best else None
        if spot.segment is not None:
            return Play((spot.segment.start_s, spot.segment.end_s))
        return Seek(self._scene.axis.time_s(point.x()))

    def _mark(self, point: QPoint, *, finished: bool) -> Mark:
        here_s = self._scene.axis.time_s(point.x())
        start_s, end_s = sorted((self._fixed_s, here_s))
        return Mark((start_s, end_s) if end_s > start_s else None, finished)

    def _look(self, point: QPoint) -> Look:
        return Look(self._scene.axis.over_all().time_s(point.x()))
