"""The wheel over the timeline: zoom with Ctrl, along the time, or through the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

from app.desktop.views.timeline.scene import Scene

if TYPE_CHECKING:
    from app.desktop.views.timeline.timeline import Timeline

NOTCH = 120
ZOOM_A_NOTCH = 1.25
SHARE_A_NOTCH = 0.1
"""Of what is seen, that a notch moves by."""

LINES_A_NOTCH = 2


def turn_wheel(timeline: Timeline, scene: Scene, wheel: QWheelEvent) -> bool:
    """Do what a turn means; False if it means nothing here."""
    across, down = (turn / NOTCH for turn in (wheel.angleDelta().x(), wheel.angleDelta().y()))
    point, axis = wheel.position().toPoint(), scene.axis
    along_time = bool(wheel.modifiers() & Qt.KeyboardModifier.ShiftModifier) or not down
    if wheel.modifiers() & Qt.KeyboardModifier.ControlModifier:
        timeline.look(axis.zoomed(ZOOM_A_NOTCH**down, axis.time_s(point.x())))
    elif scene.rooms.hidden and scene.rooms.lanes_view.contains(point) and not along_time:
        timeline.scroll_lanes(-round(down * LINES_A_NOTCH * timeline.fontMetrics().height()))
    elif scene.zoomed:
        timeline.look(axis.moved(-(across or down) * SHARE_A_NOTCH * axis.visible_s))
    else:
        return False
    return True
