"""What lies under a point of the widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPoint, QRect

from app.desktop.views.timeline.scene import Scene
from app.desktop.views.timeline.word_lane import Row
from tokenalign.grounding import Segment


class Kind(Enum):
    """What can be pointed at."""

    NOTHING = auto()
    STRIP = auto()
    TRACK = auto()
    SPAN = auto()
    LABEL = auto()
    REGION_START = auto()
    REGION_END = auto()
    GRIP = auto()


@dataclass(frozen=True)
class Spot:
    """What is pointed at.

    Attributes:
        kind: of what.
        lane: the phrase's, or that of the words, if any.
        segment: of the phrase, or a word's, if any.
        token: number of the token's row, if any.
    """

    kind: Kind
    lane: Row | None = None
    segment: Segment | None = None
    token: int = -1

    @property
    def phrase(self) -> int:
        """Number of the phrase, -1 if none."""
        return self.lane.index if self.lane else -1


NOWHERE = Spot(Kind.NOTHING)


def spot_at(scene: Scene, point: QPoint, *, reach: int) -> Spot:
    """What is at a point; the edges of the region are caught `reach` pixels beside them."""
    rooms = scene.rooms
    if scene.row is None:
        return NOWHERE
    if rooms.strip.contains(point):
        return Spot(Kind.STRIP) if rooms.track(rooms.strip).contains(point) else NOWHERE
    return (
        _region_spot(scene, point, reach) or _lane_spot(scene, point) or _track_spot(scene, point)
    )


def _region_spot(scene: Scene, point: QPoint, reach: int) -> Spot | None:
    if scene.region is None or not _below_strip(scene).contains(point):
        return None
    start, end = (scene.axis.x(time_s) for time_s in scene.region)
    if start < point.x() < end and scene.rooms.grip.contains(point):
        return Spot(Kind.GRIP)
    for kind, x in ((Kind.REGION_START, start), (Kind.REGION_END, end)):
        if abs(point.x() - x) <= reach:
            return Spot(kind)
    return None


def _lane_spot(scene: Scene, point: QPoint) -> Spot | None:
    rooms = scene.rooms
    if not rooms.lanes_view.contains(point):
        return None
    for lane, room in zip(scene.rows, rooms.lanes, strict=True):
        if room.row.contains(point):
            return _row_spot(scene, lane, room.row, point)
        for number, row in enumerate(room.tokens):
            if row.contains(point):
                on_track = rooms.track(row).contains(point)
                return Spot(Kind.TRACK if on_track else Kind.LABEL, lane, token=number)
    return None


def _row_spot(scene: Scene, lane: Row, row: QRect, point: QPoint) -> Spot:
    if not scene.rooms.track(row).contains(point):
        return Spot(Kind.LABEL, lane)
    for segment in lane.segments:
        if scene.span_rect(row, (segment.start_s, segment.end_s)).contains(point):
            return Spot(Kind.SPAN, lane, segment)
    return Spot(Kind.TRACK, lane)


def _track_spot(scene: Scene, point: QPoint) -> Spot:
    return Spot(Kind.TRACK) if _below_strip(scene).contains(point) else NOWHERE


def _below_strip(scene: Scene) -> QRect:
    return scene.body.united(scene.rooms.track(scene.rooms.ruler))
