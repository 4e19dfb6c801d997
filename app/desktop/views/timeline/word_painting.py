"""Painting the lane of words: a box for each, with the word in it where there is room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPen

from app.desktop.models.text import plain_text
from app.desktop.views.timeline.colours import Inks, faded
from app.desktop.views.timeline.scene import Scene
from app.desktop.views.timeline.sentences import untimed_note
from app.desktop.views.timeline.word_lane import WordLane

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)

SURE = 0.30
UNSURE = 0.10
"""How opaque the box of a word is, by its confidence."""

LEAST_UNTIMED = 3
"""Heights of a line: in less room, words without times would be cut to nothing."""


def paint_words(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """The lane of words, if there is one in sight."""
    lane, view = scene.words, scene.rooms.lanes_view
    if lane is None or not scene.rooms.lanes[-1].row.intersects(view):
        return
    row = scene.rooms.lanes[-1].row
    painter.save()
    painter.setClipRect(view)
    painter.setPen(inks.line)
    painter.drawLine(0, row.top(), view.right(), row.top())
    _paint_label(painter, scene, inks, lane, row)
    track = scene.rooms.track(row)
    painter.setClipRect(track.intersected(view))
    boxes = _boxes(scene, lane, track)
    for text, box, confidence in boxes:
        _paint_word(painter, inks, text, box, confidence)
    _paint_untimed(painter, inks, lane, track, [box for _, box, _ in boxes])
    painter.restore()


def _paint_label(painter: QPainter, scene: Scene, inks: Inks, lane: WordLane, row: QRect) -> None:
    gap = painter.fontMetrics().height() // 2
    box = QRect(gap, row.top(), scene.rooms.left - gap - gap // 2, row.height())
    text = painter.fontMetrics().elidedText(lane.label, Qt.TextElideMode.ElideRight, box.width())
    painter.setPen(inks.text if lane.timed else inks.quiet)
    painter.drawText(box, LEFT, text)


def _boxes(scene: Scene, lane: WordLane, track: QRect) -> list[tuple[str, QRect, float]]:
    """The words that are in sight: text, place and confidence."""
    axis = scene.axis
    margin = max(2, round(track.height() * 0.12))
    inner = track.adjusted(0, margin + 1, 0, -margin)
    return [
        (word.text, scene.span_rect(inner, (segment.start_s, segment.end_s)), segment.score)
        for word, segment in zip(lane.timed, lane.segments, strict=True)
        if segment.end_s >= axis.start_s and segment.start_s <= axis.end_s
    ]


def _paint_word(painter: QPainter, inks: Inks, text: str, box: QRect, confidence: float) -> None:
    """The surer, the fuller; the text is cut, and left out where nothing of it would be read."""
    metrics = painter.fontMetrics()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faded(inks.text, 0.45), 1.0))
    painter.setBrush(QBrush(faded(inks.mark, UNSURE + (SURE - UNSURE) * confidence)))
    round_by = min(box.height() / 5, box.width() / 2)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), round_by, round_by)
    shown = plain_text(text)
    room = box.width() - 4
    if metrics.horizontalAdvance(shown) > room:
        shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
    if len(shown) > 1 or shown == plain_text(text):
        painter.setPen(inks.text)
        painter.drawText(box, CENTRE, shown)


def _paint_untimed(
    painter: QPainter, inks: Inks, lane: WordLane, track: QRect, boxes: list[QRect]
) -> None:
    """The words without times, where they hide none that has; a tooltip says them anyway."""
    said = untimed_note(lane)
    if not said:
        return
    font = QFont(painter.font())
    font.setItalic(True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    gap = metrics.height() // 2
    left, width = _widest_gap(track, boxes)
    room = width - 2 * gap
    if room >= LEAST_UNTIMED * metrics.height():
        painter.setPen(inks.quiet)
        said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left + gap, track.top(), room, track.height()), LEFT, said)


def _widest_gap(track: QRect, boxes: list[QRect]) -> tuple[int, int]:
    """Where the widest stretch of a track without a word begins, and how wide it is."""
    widest, left = (track.left(), 0), track.left()
    for box in sorted(boxes, key=QRect.left):
        widest = max(widest, (left, box.left() - left), key=lambda gap: gap[1])
        left = max(left, box.right() + 1)
    return max(widest, (left, track.right() + 1 - left), key=lambda gap: gap[1])
