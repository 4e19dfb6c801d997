"""Painting the lanes: labels, heat, spans, scores, and the rows of the tokens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen

from app.desktop.models.text import plain_text
from app.desktop.views.timeline.colours import Inks, faded, legible_on
from app.desktop.views.timeline.lanes import Lane, TokenRow
from app.desktop.views.timeline.rasters import bytes_of, veil
from app.desktop.views.timeline.rooms import LaneRoom, relation_text
from app.desktop.views.timeline.scene import Scene
from app.desktop.views.timeline.sentences import verdict
from app.desktop.views.timeline.verdict_painting import paint_verdict

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

SHORTEST_BAR = 3.0
HEAT = 0.34
"""How opaque a frame is at most: spans are what counts."""


def paint_lanes(painter: QPainter, scene: Scene, inks: Inks) -> None:
    """All lanes of phrases that are in sight; the words have the last room."""
    view = scene.rooms.lanes_view
    painter.save()
    painter.setClipRect(view)
    for lane, room in zip(scene.lanes, scene.rooms.lanes, strict=False):
        if room.whole.intersects(view):
            painter.setPen(inks.line)
            painter.drawLine(0, room.row.top(), view.right(), room.row.top())
            _paint_label(painter, scene, inks, lane, room.row)
            _paint_track(painter, scene, inks, lane, room.row)
            _paint_score(painter, scene, inks, lane, room.row)
            _paint_tokens(painter, scene, inks, lane, room)
    painter.restore()


def _paint_label(painter: QPainter, scene: Scene, inks: Inks, lane: Lane, row: QRect) -> None:
    """A chip with the phrase's number, how it joins those before it, and its words."""
    rooms, metrics = scene.rooms, painter.fontMetrics()
    gap = metrics.height() // 2
    chip = QRectF(gap, row.center().y() - rooms.chip / 2 + 1, rooms.chip, rooms.chip)
    _paint_chip(painter, inks, lane, chip)
    left = round(chip.right()) + gap
    text, relation = plain_text(lane.phrase.text), relation_text(lane.phrase.relation)
    indent = rooms.relation + gap if rooms.relation else 0
    room = rooms.left - left - gap // 2
    # The first phrase has no relation: rather than be cut, it begins where others have theirs.
    if relation or metrics.horizontalAdvance(text) <= room - indent:
        painter.setPen(inks.quiet)
        painter.drawText(QRect(left, row.top(), rooms.relation, row.height()), LEFT, relation)
        left, room = left + indent, room - indent
    painter.setPen(inks.text if lane.phrase.found or lane.unwanted else inks.quiet)
    box = QRect(left, row.top(), room, row.height())
    painter.drawText(box, LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))


def _paint_chip(painter: QPainter, inks: Inks, lane: Lane, chip: QRectF) -> None:
    colour = inks.lane(lane.index)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush if lane.unwanted else QBrush(colour))
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), chip.width() / 4, chip.width() / 4)
    painter.setPen(colour if lane.unwanted else legible_on(colour))
    painter.setFont(_small(painter.font()))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), str(lane.index + 1))
    painter.restore()


def _paint_track(painter: QPainter, scene: Scene, inks: Inks, lane: Lane, row: QRect) -> None:
    track = scene.rooms.track(row)
    colour = inks.lane(lane.index)
    frames = lane.phrase.frame_scores
    _paint_heat(painter, scene, track, frames * HEAT, lane.phrase.frame_edges_s, colour)
    painter.save()
    painter.setClipRect(track.intersected(scene.rooms.lanes_view))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_bars(painter, lane, colour, _bars(scene, lane, track))
    painter.restore()
    if said := verdict(lane):
        paint_verdict(painter, scene, inks, lane, track, said)


def _paint_heat(
    painter: QPainter,
    scene: Scene,
    track: QRect,
    shares: NDArray[np.float32],
    edges_s: NDArray[np.float64],
    colour: QColor,
) -> None:
    """Frames as opaque as their shares, straight lines between their middles."""
    if not len(shares):
        return
    axis = scene.axis
    times_s = axis.start_s + (np.arange(track.width()) + 0.5) * axis.visible_s / track.width()
    middles_s = (edges_s[:-1] + edges_s[1:]) / 2
    across = np.interp(times_s, middles_s, shares, left=shares[0], right=shares[-1])
    across[(times_s < edges_s[0]) | (times_s > edges_s[-1])] = 0
    inside = track.adjusted(0, 1, 0, 0)
    painter.drawImage(inside, veil(bytes_of(across)[None, :], colour))


def _bars(scene: Scene, lane: Lane, track: QRect) -> list[QRectF]:
    """The spans that are in sight, as bars; those that would touch are one."""
    axis = scene.axis
    margin = max(2.0, track.height() * 0.2)
    top, height = track.top() + margin, track.height() - 2 * margin + 1
    bars: list[QRectF] = []
    for segment in lane.phrase.segments:
        if segment.end_s >= axis.start_s and segment.start_s <= axis.end_s:
            left, right = axis.x(segment.start_s), axis.x(segment.end_s)
            right = max(right, left + SHORTEST_BAR)
            if bars and left <= bars[-1].right():
                bars[-1].setRight(max(right, bars[-1].right()))
            else:
                bars.append(QRectF(left, top, right - left, height))
    return bars


def _paint_bars(painter: QPainter, lane: Lane, colour: QColor, bars: list[QRectF]) -> None:
    """Full where a wanted phrase is heard, hatched where one spoils, dashed where none is."""
    if not lane.phrase.found:
        pen = QPen(faded(colour, 0.75), 1.0, Qt.PenStyle.DashLine)
        _paint_rounded(painter, bars, pen, QBrush(Qt.BrushStyle.NoBrush))
    elif lane.unwanted:
        _paint_rounded(painter, bars, QPen(Qt.PenStyle.NoPen), QBrush(faded(colour, 0.22)))
        hatch = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        _paint_rounded(painter, bars, QPen(colour, 1.4), hatch)
    else:
        _paint_rounded(painter, bars, QPen(Qt.PenStyle.NoPen), QBrush(colour))


def _paint_rounded(painter: QPainter, bars: list[QRectF], pen: QPen, brush: QBrush) -> None:
    painter.setPen(pen)
    painter.setBrush(brush)
    for bar in bars:
        round_by = min(bar.height() / 3, bar.width() / 2)
        painter.drawRoundedRect(bar, round_by, round_by)


def _paint_score(painter: QPainter, scene: Scene, inks: Inks, lane: Lane, row: QRect) -> None:
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance("0.00")
    box = QRect(scene.rooms.right + metrics.height() // 2, row.top(), width + 1, row.height())
    painter.setPen(inks.text if lane.phrase.found else inks.quiet)
    painter.drawText(box, RIGHT, f"{lane.phrase.score:.2f}")


def _paint_tokens(painter: QPainter, scene: Scene, inks: Inks, lane: Lane, room: LaneRoom) -> None:
    """Under its phrase, each token: its text, a bar for its share, and where it listens."""
    colour = inks.lane(lane.index)
    painter.save()
    painter.setFont(_small(painter.font()))
    metrics = painter.fontMetrics()
    heaviest = max((token.weight for token in lane.tokens), default=0.0) or 1.0
    for token, row in zip(lane.tokens, room.tokens, strict=False):
        _paint_token_label(painter, scene, inks, token, row, heaviest, colour)
        track = scene.rooms.track(row).adjusted(0, 1, 0, 0)
        edges_s = lane.phrase.frame_edges_s
        _paint_heat(painter, scene, track, token.attention * 0.8, edges_s, colour)
        text = f"{token.weight:.0%}"
        width = metrics.horizontalAdvance("100%")
        box = QRect(scene.rooms.right + metrics.height() // 2, row.top(), width + 1, row.height())
        painter.setPen(inks.quiet)
        painter.drawText(box, RIGHT, text)
    painter.restore()


def _paint_token_label(
    painter: QPainter,
    scene: Scene,
    inks: Inks,
    token: TokenRow,
    row: QRect,
    heaviest: float,
    colour: QColor,
) -> None:
    unit = painter.fontMetrics().height()
    right = scene.rooms.left - unit // 2
    meter = QRectF(0, 0, unit * 1.6, max(2.0, unit * 0.22))
    meter.moveCenter(QPointF(right - meter.width() / 2, row.center().y() + 1))
    painter.fillRect(meter, faded(colour, 0.2))
    meter.setWidth(meter.width() * token.weight / heaviest)
    painter.fillRect(meter, colour)
    left = scene.rooms.chip + scene.rooms.relation + unit * (2 if scene.rooms.relation else 1)
    box = QRect(left, row.top(), round(right - unit * 1.8) - left, row.height())
    painter.setPen(inks.quiet)
    text = plain_text(token.text)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, LEFT, elided)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(1.0, font.pointSizeF() * 0.86))
    return small
