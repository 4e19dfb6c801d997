"""Painting what moves over the picture: what is lit, the region, the pointer, the playhead."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from app.desktop.views.timeline.colours import Inks, faded, legible_on
from app.desktop.views.timeline.scene import Scene
from app.times import clock


def paint_lit(painter: QPainter, scene: Scene, inks: Inks, tinted: QImage) -> None:
    """The lit phrase's lane, and its spans in the waveform, which `tinted` shows."""
    if not 0 <= scene.lit < len(scene.lanes):
        return
    colour = inks.lane(scene.lit)
    room = scene.rooms.lanes[scene.lit].whole.intersected(scene.rooms.lanes_view)
    painter.fillRect(room, faded(colour, 0.12))
    painter.drawImage(scene.rooms.track(scene.rooms.wave).topLeft(), tinted)


def paint_region(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """What the person has marked: a shaded middle, two edges, and the bar to drag it out by."""
    if scene.region is None:
        return
    body, grip = scene.body, scene.rooms.track(scene.rooms.grip)
    middle = scene.span_rect(body, scene.region).intersected(body)
    start, end = (scene.axis.x(time_s) for time_s in scene.region)
    painter.fillRect(middle, faded(inks.mark, 0.14))
    painter.setPen(QPen(inks.edge, 1.0))
    for x in (start, end):
        if body.left() <= x <= body.right() + 1:
            painter.drawLine(round(x), grip.top(), round(x), body.bottom())
    bar = scene.span_rect(grip, scene.region).intersected(grip).adjusted(0, 0, 1, 0)
    painter.fillRect(bar, inks.mark)
    _paint_dots(painter, inks, bar)


def _paint_dots(painter: QPainter, inks: Inks, bar: QRect) -> None:
    """Three dots say that it can be dragged."""
    step = max(3.0, bar.height() * 0.6)
    if bar.width() < step * 4:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(legible_on(inks.mark))
    for number in (-1, 0, 1):
        centre = QPointF(bar.center().x() + number * step, bar.center().y() + 0.5)
        painter.drawEllipse(centre, bar.height() * 0.15, bar.height() * 0.15)
    painter.restore()


def paint_loop(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """Repeat signs, as in sheet music, at both ends of what is repeated."""
    if not scene.looping:
        return
    start_s, end_s = scene.region or (0.0, scene.axis.duration_s)
    track, unit = scene.rooms.track(scene.rooms.wave), painter.fontMetrics().height()
    painter.save()
    painter.setClipRect(track)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for time_s, inward in ((start_s, 1), (end_s, -1)):
        _paint_repeat(painter, scene.axis.x(time_s), track, unit * 0.2 * inward, inks)
    painter.restore()


def _paint_repeat(painter: QPainter, x: float, track: QRect, step: float, inks: Inks) -> None:
    """A thick line, a thin one `step` further, then two dots."""
    thick, height = abs(step), track.height()
    left = min(x, x + step)
    painter.fillRect(QRectF(left, track.top(), thick, height), inks.edge)
    painter.fillRect(QRectF(x + 1.8 * step - 0.5, track.top(), 1.0, height), inks.edge)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.edge)
    for above in (-1, 1):
        centre = QPointF(x + 3.2 * step, QRectF(track).center().y() + above * 2.0 * thick)
        painter.drawEllipse(centre, 0.75 * thick, 0.75 * thick)


def paint_pointer(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """A faint line under the mouse, and its time on the ruler."""
    if scene.pointer_s is None or scene.row is None:
        return
    x, body = round(scene.axis.x(scene.pointer_s)), scene.body
    painter.setPen(faded(inks.text, 0.35))
    painter.drawLine(x, body.top(), x, body.bottom())
    digits = 3 if scene.axis.visible_s < 1 else 2 if scene.axis.visible_s < 60 else 1
    text = clock(scene.pointer_s, digits=digits)
    room = scene.rooms.track(scene.rooms.ruler)
    width = painter.fontMetrics().horizontalAdvance(text) + painter.fontMetrics().height() // 2
    left = min(max(x - width // 2, room.left()), room.right() - width)
    box = QRect(left, room.top() + 1, width, room.height() - 2)
    painter.fillRect(box, inks.margin)
    painter.setPen(inks.text)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def paint_playhead(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """Where it plays: a line over everything, with a small flag under the ruler."""
    if scene.playhead_s is None:
        return
    x = scene.axis.x(scene.playhead_s)
    body, grip = scene.body, scene.rooms.grip
    if not body.left() - 1 <= x <= body.right() + 2:
        return
    height = body.bottom() - grip.top()
    painter.fillRect(QRectF(x - 1.5, grip.top(), 3.0, height), faded(inks.ground, 0.55))
    painter.fillRect(QRectF(x - 0.5, grip.top(), 1.0, height), inks.playhead)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.playhead)
    side = grip.height() * 0.55
    points = [QPointF(x - side, grip.top()), QPointF(x + side, grip.top())]
    painter.drawPolygon(QPolygonF([*points, QPointF(x, grip.top() + side * 1.5)]))
    painter.restore()


def paint_cursor(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """A frame around the row or the span that the keys have reached."""
    if scene.cursor is None:
        return
    number, span = scene.cursor
    row = scene.rooms.lanes[number].row
    frame = QRect(0, row.top(), scene.rooms.left, row.height())
    if span >= 0:
        segment = scene.rows[number].segments[span]
        frame = scene.span_rect(row, (segment.start_s, segment.end_s), least=6)
    painter.save()
    painter.setClipRect(scene.rooms.lanes_view)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.edge, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(frame).adjusted(1.5, 1.5, -1.5, -1.5), 3.0, 3.0)
    painter.restore()
