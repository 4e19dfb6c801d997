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
    painter.fillRect(middle, faded(inks.mark, 0.22 if scene.looping else 0.14))
    painter.setPen(QPen(inks.mark, 1.0))
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
    """A frame around the lane or the span that the keys have reached."""
    if scene.cursor is None or not scene.cursor[0] < len(scene.lanes):
        return
    number, span = scene.cursor
    row = scene.rooms.lanes[number].row
    frame = QRect(0, row.top(), scene.rooms.left, row.height())
    heard = scene.lanes[number].phrase.heard
    if 0 <= span < len(heard):
        frame = scene.span_rect(row, (heard[span].start_s, heard[span].end_s), least=6)
    painter.save()
    painter.setClipRect(scene.rooms.lanes_view)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.mark, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(frame).adjusted(1.5, 1.5, -1.5, -1.5), 3.0, 3.0)
    painter.restore()
