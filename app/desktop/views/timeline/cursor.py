"""Where keys have got to on the timeline: from lane to lane, and along the spans of one."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.sentences import lane_sentence, span_sentence

_STEPS = {
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Left: (0, -1),
}
_PLAYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Cursor:
    """Moves the cursor of a scene over its lanes and spans."""

    def __init__(self, *, scene: Scene) -> None:
        self._scene = scene

    def takes(self, key: int) -> bool:
        """Whether a key means something here."""
        return bool(self._scene.lanes) and (key in _STEPS or self.plays(key))

    def plays(self, key: int) -> bool:
        """Whether a key plays what the cursor stands on."""
        return self.place is not None and key in _PLAYS

    def enter(self) -> None:
        """Stand on the first lane, unless the cursor stands somewhere already."""
        if self._scene.lanes and self._scene.cursor is None:
            self._scene.cursor = (0, -1)

    def move(self, key: int) -> bool:
        """Follow an arrow; False if the key is none, or there is nowhere to go."""
        place = self.place
        if place is None or key not in _STEPS:
            return False
        lane, span = place
        down, along = _STEPS[Qt.Key(key)]
        new_lane = min(max(0, lane.index + down), len(self._scene.lanes) - 1)
        last = len(self._scene.lanes[new_lane].phrase.segments) - 1
        self._scene.cursor = (new_lane, -1 if down else min(max(-1, span + along), last))
        return True

    @property
    def chosen(self) -> Span | None:
        """The span that the cursor stands on, or the strongest one of the lane."""
        if self.place is None:
            return None
        lane, span = self.place
        segment = lane.phrase.segments[span] if span >= 0 else lane.best
        return (segment.start_s, segment.end_s) if segment else None

    @property
    def place(self) -> tuple[Lane, int] | None:
        """The lane and the number of the span, -1 for the lane itself."""
        cursor = self._scene.cursor
        return (self._scene.lanes[cursor[0]], cursor[1]) if cursor is not None else None

    @property
    def sentence(self) -> str:
        """Where the cursor stands, in words."""
        if self.place is None:
            return "Timeline"
        lane, span = self.place
        return lane_sentence(lane) if span < 0 else span_sentence(lane, span)
