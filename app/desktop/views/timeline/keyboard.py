"""Keys on the timeline, once the person has come here by Tab, and what a screen reader says."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent

from app.desktop.views.timeline.cursor import Cursor
from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.sentences import scene_sentences

if TYPE_CHECKING:
    from app.desktop.views.timeline.timeline import Timeline


class Keyboard:
    """Moves the cursor by key, lights its lane, plays its span.

    Args:
        timeline: whose keys, and whose signals.
        scene: what the cursor moves over.
    """

    def __init__(self, *, timeline: Timeline, scene: Scene) -> None:
        self._timeline = timeline
        self._scene = scene
        self._cursor = Cursor(scene=scene)

    @property
    def chosen(self) -> Span | None:
        """The stretch that the cursor stands on."""
        return self._cursor.chosen

    def renew(self) -> None:
        """Other lanes: the cursor stands on the first one if keys come here."""
        self._scene.cursor = None
        if self._timeline.hasFocus():
            self._cursor.enter()
        self.speak()

    def extend(self) -> None:
        """The words have come, changed or gone: the cursor stays where it can."""
        cursor = self._scene.cursor
        if cursor is not None and cursor[0] >= len(self._scene.rows):
            self._scene.cursor = None
        elif cursor is not None and cursor[1] >= len(self._scene.rows[cursor[0]].segments):
            self._scene.cursor = (cursor[0], -1)
        if self._timeline.hasFocus():
            self._cursor.enter()
        self.speak()

    def speak(self) -> None:
        """Say in words what is seen, and where the cursor stands."""
        self._timeline.setAccessibleName(self._cursor.sentence)
        self._timeline.setAccessibleDescription(scene_sentences(self._scene.row, self._scene.rows))

    def on_claimed(self, event: QEvent) -> bool:
        """Arrows and Enter are the window's, unless the person has come here by Tab."""
        if self._timeline.hasFocus() and self._cursor.takes(cast(QKeyEvent, event).key()):
            event.accept()
            return True
        return False

    def on_pressed(self, event: QEvent) -> bool:
        """Move, or play what the cursor stands on."""
        key = cast(QKeyEvent, event).key()
        if self._cursor.plays(key):
            if self.chosen is not None:
                self._timeline.play_requested.emit(*self.chosen)
        elif self._cursor.move(key):
            self._light()
        else:
            return False
        return True

    def on_focus(self, event: QEvent) -> bool:
        """Show the cursor while keys come here."""
        if event.type() is QEvent.Type.FocusIn:
            self._cursor.enter()
            self._light()
        else:
            self._timeline.highlight_phrase(-1)
        return False

    def _light(self) -> None:
        place = self._cursor.place
        self._timeline.highlight_phrase(place[0].index if place else -1)
        self._reveal()
        self.speak()

    def _reveal(self) -> None:
        """Scroll to the row that the cursor stands on."""
        if self._scene.cursor is None:
            return
        row = self._scene.rooms.lanes[self._scene.cursor[0]].row
        view = self._scene.rooms.lanes_view
        over, under = row.top() - view.top(), row.bottom() - view.bottom()
        self._timeline.scroll_lanes(over if over < 0 else max(0, under))
