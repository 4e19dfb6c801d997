"""Where keys have got to on the timeline: from row to row, and along the spans of one."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.sentences import place_sentence, row_sentence
from app.desktop.views.timeline.word_lane import Row

_STEPS = {
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Left: (0, -1),
}
_PLAYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Cursor:
    """Moves the cursor of a scene over its rows and their spans."""

    def __init__(self, *, scene: Scene) -> None:
        self._scene = scene

    def takes(self, key: int) -> bool:
        """Whether a key means something here."""
        return bool(self._scene.rows) and (key in _STEPS or self.plays(key))

    def plays(self, key: int) -> bool:
        """Whether a key plays what the cursor stands on."""
        return self.place is not None and key in _PLAYS

    def enter(self) -> None:
        """Stand on the first row, unless the cursor stands somewhere already."""
        if self._scene.rows and self._scene.cursor is None:
            self._scene.cursor = (0, -1)

    def move(self, key: int) -> bool:
        """Follow an arrow; False if the key is none, or there is nowhere to go."""
        if self._scene.cursor is None or key not in _STEPS:
            return False
        number, span = self._scene.cursor
        down, along = _STEPS[Qt.Key(key)]
        number = min(max(0, number + down), len(self._scene.rows) - 1)
        last = len(self._scene.rows[number].segments) - 1
        self._scene.cursor = (number, -1 if down else min(max(-1, span + along), last))
        return True

    @property
    def chosen(self) -> Span | None:
        """The span that the cursor stands on, or the strongest one of the row."""
        if self.place is None:
            return None
        row, span = self.place
        segment = row.segments[span] if span >= 0 else row.best
        return (segment.start_s, segment.end_s) if segment else None

    @property
    def place(self) -> tuple[Row, int] | None:
        """The row and the number of the span, -1 for the row itself."""
        cursor = self._scene.cursor
        return (self._scene.rows[cursor[0]], cursor[1]) if cursor is not None else None

    @property
    def sentence(self) -> str:
        """Where the cursor stands, in words."""
        if self.place is None:
            return "Timeline"
        row, span = self.place
        return row_sentence(row) if span < 0 else place_sentence(row, span)
