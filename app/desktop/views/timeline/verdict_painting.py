"""Painting what is to be said of a lane, where it hides nothing."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from app.desktop.views.timeline.colours import Inks
from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.scene import Scene


def paint_verdict(
    painter: QPainter, scene: Scene, inks: Inks, lane: Lane, track: QRect, text: str
) -> None:
    """Words between the bars of a lane, or within the widest where there is no room."""
    painter.save()
    font = QFont(painter.font())
    font.setItalic(True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    gap = metrics.height() // 2
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, track.width() - 2 * gap)
    width = metrics.horizontalAdvance(text) + 2
    spans = [(segment.start_s, segment.end_s) for segment in lane.phrase.segments]
    bars = [scene.span_rect(track, span).intersected(track) for span in spans]
    bars = [bar for bar in bars if not bar.isEmpty()]
    left = _free_left(track, bars, width + 2 * gap) if bars else track.left()
    if left is None:
        left = max(bars, key=QRect.width).left() + gap // 2
        _paint_plate(painter, inks, QRect(left, track.top(), width + 2 * gap, track.height()))
    painter.setPen(inks.text if lane.phrase.found else inks.quiet)
    box = QRect(left + gap, track.top(), width, track.height())
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(box, int(flags), text)
    painter.restore()


def _free_left(track: QRect, bars: list[QRect], width: int) -> int | None:
    """Where the first gap begins that is so wide, from the left; None if all are narrower."""
    left = track.left()
    for bar in bars:
        if bar.left() - left >= width:
            return left
        left = max(left, bar.right() + 1)
    return left if track.right() + 1 - left >= width else None


def _paint_plate(painter: QPainter, inks: Inks, box: QRect) -> None:
    """A ground to read the words on, lower than the bar, whose outline stays to be seen."""
    low = QRectF(box.left(), box.center().y() - painter.fontMetrics().height() / 2 + 1.0, 0, 0)
    low.setSize(QRectF(box).size())
    low.setHeight(float(painter.fontMetrics().height()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.ground)
    painter.drawRoundedRect(low, low.height() / 3, low.height() / 3)
