"""Painting the sound: waveform, spectrogram, and the strip of the whole file."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.desktop.views.timeline.colours import Inks, faded, level_scale
from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.rasters import Bytes, bytes_of, image_of, veil
from app.desktop.views.timeline.scene import Scene
from app.desktop.views.timeline.waveform import coverage, extremes, highest
from tokenalign.audio.spectrogram import Spectrogram

RANGE_DB = 74.0
"""From the darkest to the brightest level."""

QUIETEST_TOP_DB = -60.0
_FREQUENCIES_HZ = (100, 500, 1_000, 2_000, 5_000, 10_000)


def wave_image(scene: Scene, colour: QColor, ratio: float) -> QImage:
    """The visible waveform in one colour, at `ratio` pixels of the screen a pixel."""
    return _at_ratio(veil(_wave_coverage(scene, ratio), colour), ratio)


def lit_image(scene: Scene, lane: Lane, colour: QColor, ratio: float) -> QImage:
    """The waveform in a phrase's colour where it is heard, on a light shade; clear elsewhere."""
    image = _wave_coverage(scene, ratio)
    lit = np.zeros(image.shape[1], dtype=bool)
    track = scene.rooms.track(scene.rooms.wave)
    for segment in lane.phrase.heard:
        rect = scene.span_rect(track, (segment.start_s, segment.end_s)).translated(-track.topLeft())
        lit[max(0, round(rect.left() * ratio)) : max(0, round((rect.right() + 1) * ratio))] = True
    return _at_ratio(veil(np.maximum(image, np.uint8(30)) * lit, colour), ratio)


def _wave_coverage(scene: Scene, ratio: float) -> Bytes:
    track = scene.rooms.track(scene.rooms.wave)
    columns, rows = round(track.width() * ratio), round(track.height() * ratio)
    if scene.outline is None:
        return np.zeros((rows, columns), dtype=np.uint8)
    outlines = [scene.outline, *([scene.detail] if scene.detail and scene.zoomed else [])]
    low, high = extremes(outlines, scene.axis.start_s, scene.axis.end_s, columns)
    return coverage(low, high, rows=rows, loudest=highest(scene.outline.peaks))


def _at_ratio(image: QImage, ratio: float) -> QImage:
    image.setDevicePixelRatio(ratio)
    return image


def paint_wave(painter: QPainter, scene: Scene, inks: Inks, ratio: float) -> None:
    """The waveform, and how loud its highest sample is."""
    track = scene.rooms.track(scene.rooms.wave)
    middle = track.center().y()
    painter.setPen(inks.line)
    painter.drawLine(track.left(), middle, track.right(), middle)
    painter.drawImage(track.topLeft(), wave_image(scene, inks.wave, ratio))
    if scene.outline is not None:
        peak = highest(scene.outline.peaks)
        text = f"peak {20 * np.log10(peak):.1f} dB".replace("-", "−") if peak > 0 else "silent"
        _label(painter, scene, scene.rooms.wave, inks, "Waveform", text)


def paint_picture(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """The spectrogram with its frequencies."""
    room = scene.rooms.picture
    track = scene.rooms.track(room)
    if track.isEmpty():
        return
    scale = level_scale(dark=inks.dark)
    painter.fillRect(track, QColor.fromRgba(scale[0]))
    painter.save()
    painter.setClipRect(track)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for picture in scene.pictures:
        top_db = _top_db(scene.pictures[0])
        _paint_part(painter, scene, track, picture, _levels(_Held(picture), top_db, inks.dark))
    painter.restore()
    _paint_frequencies(painter, scene, inks)
    painter.setPen(inks.line)
    painter.drawLine(0, room.top(), room.right(), room.top())


def _paint_part(
    painter: QPainter, scene: Scene, track: QRect, picture: Spectrogram, image: QImage
) -> None:
    """Only the visible columns: stretching what is out of sight would take long."""
    length_s = picture.end_s - picture.start_s
    start_s = max(picture.start_s, scene.axis.start_s)
    end_s = min(picture.end_s, scene.axis.end_s)
    if image.isNull() or end_s <= start_s:
        return
    left, right = scene.axis.x(start_s), scene.axis.x(end_s)
    per_s = image.width() / length_s
    source = QRectF(
        (start_s - picture.start_s) * per_s, 0.0, (end_s - start_s) * per_s, image.height()
    )
    target = QRectF(left, track.top(), right - left, track.height())
    painter.drawImage(target, image, source)


class _Held:
    """A spectrogram as a key: it is what it is, not what is in it."""

    def __init__(self, picture: Spectrogram) -> None:
        self.picture = picture

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.picture is other.picture

    def __hash__(self) -> int:
        return id(self.picture)


@lru_cache(maxsize=8)
def _levels(held: _Held, top_db: float, dark: bool) -> QImage:
    levels_db = held.picture.levels_db
    shares = 1 + (levels_db[::-1] - np.float32(top_db)) / np.float32(RANGE_DB)
    return image_of(bytes_of(shares), level_scale(dark=dark))


def _top_db(picture: Spectrogram) -> float:
    return max(QUIETEST_TOP_DB, float(picture.levels_db.max(initial=QUIETEST_TOP_DB)))


def _paint_frequencies(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """Round frequencies beside the spectrogram, as many as have room."""
    room, unit = scene.rooms.picture, painter.fontMetrics().height()
    _label(painter, scene, room, inks, "Spectrogram", "")
    if not scene.pictures:
        return
    lowest_taken = room.bottom() + unit * 0.5
    for hz in _FREQUENCIES_HZ:
        picture = scene.pictures[0]
        y = room.bottom() - picture.height_of(hz) * room.height()
        if hz >= picture.high_hz or y > lowest_taken - unit * 0.9 or y < room.top() + unit / 2:
            continue
        lowest_taken = y
        text = f"{hz // 1000} k" if hz >= 1000 else str(hz)
        box = QRectF(0, y - unit / 2, scene.rooms.left - unit * 0.5, unit)
        painter.setPen(inks.quiet)
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text
        )
        painter.setPen(inks.line)
        painter.drawLine(scene.rooms.left - unit // 4, round(y), scene.rooms.left - 1, round(y))


def _label(
    painter: QPainter, scene: Scene, room: QRect, inks: Inks, title: str, facts: str
) -> None:
    """Words at the left of a track: a title, and facts below it if there is room."""
    unit = painter.fontMetrics().height()
    box = QRect(unit // 2, room.top() + unit // 4, scene.rooms.left - unit, room.height())
    painter.setPen(inks.quiet)
    two = facts and room.height() > 2.6 * unit
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), f"{title}\n{facts}" if two else title)


def paint_strip(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """The whole file small: its outline, the spans of all phrases, and what is seen of it."""
    room = scene.rooms.strip
    track = scene.rooms.track(room)
    if track.isEmpty():
        return
    painter.fillRect(track, inks.ground)
    _paint_small_wave(painter, scene, inks, track.adjusted(0, 0, 0, -track.height() // 3))
    _paint_small_spans(painter, scene, inks, track)
    _paint_seen(painter, scene, inks, track)
    unit = painter.fontMetrics().height()
    painter.setPen(inks.quiet)
    box = QRect(unit // 2, room.top(), scene.rooms.left - unit, room.height())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "Whole")


def _paint_small_wave(painter: QPainter, scene: Scene, inks: Inks, track: QRect) -> None:
    if scene.outline is None:
        return
    low, high = extremes([scene.outline], 0.0, scene.axis.duration_s, track.width())
    loudest = highest(scene.outline.peaks)
    image = veil(coverage(low, high, rows=track.height(), loudest=loudest), inks.wave)
    painter.drawImage(track.topLeft(), image)


def _paint_small_spans(painter: QPainter, scene: Scene, inks: Inks, track: QRect) -> None:
    """A thin row for each phrase, at the bottom."""
    thick = 2 if len(scene.lanes) <= track.height() // 5 else 1
    top = track.bottom() - thick * len(scene.lanes)
    whole = scene.axis.over_all()
    for number, lane in enumerate(scene.lanes):
        for segment in lane.phrase.heard:
            left, right = round(whole.x(segment.start_s)), round(whole.x(segment.end_s))
            colour = inks.lane(lane.index)
            painter.fillRect(left, top + number * thick, max(2, right - left), thick, colour)


def _paint_seen(painter: QPainter, scene: Scene, inks: Inks, track: QRect) -> None:
    """A frame around what is seen; the rest is dimmed."""
    whole = scene.axis.over_all()
    begin, end = whole.x(scene.axis.start_s), whole.x(scene.axis.end_s)
    seen = QRectF(begin, track.top() + 0.5, max(2.0, end - begin), track.height() - 1.5)
    for start, stop in ((track.left(), seen.left()), (seen.right(), track.right() + 1)):
        outside = QRectF(start, track.top(), stop - start, track.height())
        painter.fillRect(outside, faded(inks.margin, 0.45))
    painter.setPen(inks.quiet)
    painter.drawRect(seen)
