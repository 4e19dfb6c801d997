"""Painting the ruler, the grid under the tracks, and the best moment's hull."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.desktop.views.timeline.axis import ticks
from app.desktop.views.timeline.colours import Inks, faded
from app.desktop.views.timeline.scene import Scene
from app.times import clock_unit


def paint_ruler(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """Round times, their unit at the left, and a line down through the tracks for each."""
    metrics = painter.fontMetrics()
    room, body = scene.rooms.ruler, scene.body
    track = scene.rooms.track(room)
    widest = metrics.horizontalAdvance("00:00:00.0")
    painter.setPen(inks.quiet)
    unit = clock_unit(scene.axis.end_s)
    box = QRect(0, room.top(), scene.rooms.left - metrics.height() // 2, room.height())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), unit)
    for tick in ticks(scene.axis, spacing=widest * 1.15):
        x = round(scene.axis.x(tick.time_s))
        painter.setPen(inks.grid)
        painter.drawLine(x, body.top(), x, body.bottom())
        painter.setPen(inks.line)
        painter.drawLine(x, track.bottom() - metrics.height() // 4, x, track.bottom())
        painter.setPen(inks.quiet)
        _paint_tick(painter, track, x, tick.text)


def _paint_tick(painter: QPainter, track: QRect, x: int, text: str) -> None:
    """The text in the middle over its line, but not past the ends of the track."""
    width = painter.fontMetrics().horizontalAdvance(text)
    left = min(max(x - width // 2, track.left()), track.right() - width)
    box = QRect(left, track.top(), width + 1, round(track.height() * 0.85))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def paint_hull(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """The best moment: a bar under the ruler, and a light shade down through the tracks."""
    if scene.hull is None:
        return
    track, grip = scene.body, scene.rooms.track(scene.rooms.grip)
    shade = scene.span_rect(track, scene.hull).intersected(track)
    if shade.isEmpty():
        return
    painter.fillRect(shade, faded(inks.mark, 0.09 if inks.dark else 0.07))
    bar = QRectF(shade.left(), grip.center().y(), shade.width(), 2.0)
    painter.fillRect(bar, faded(inks.mark, 0.65))
