"""The timeline's picture: what seldom changes is painted once and kept, what moves goes over it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPixmap

from app.desktop.views.timeline import overlay_painting as overlay
from app.desktop.views.timeline.colours import Inks
from app.desktop.views.timeline.lane_painting import paint_lanes
from app.desktop.views.timeline.ruler_painting import paint_hull, paint_ruler
from app.desktop.views.timeline.scene import Scene
from app.desktop.views.timeline.sentences import NOTHING
from app.desktop.views.timeline.sound_painting import (
    lit_image,
    paint_picture,
    paint_strip,
    paint_wave,
)
from app.desktop.views.timeline.word_painting import paint_words


class Artist:
    """Paints a scene.

    Args:
        scene: what is shown; call `forget` when more has changed than what moves.
    """

    def __init__(self, *, scene: Scene) -> None:
        self._scene = scene
        self._kept = QPixmap()
        self._tinted: tuple[int, QImage] = (-1, QImage())

    def forget(self) -> None:
        """Paint everything anew the next time."""
        self._kept = QPixmap()
        self._tinted = (-1, QImage())

    def paint(
        self, painter: QPainter, size: QSize, font: QFont, inks: Inks, ratio: float, *, focus: bool
    ) -> None:
        """The whole widget.

        Args:
            painter: of the widget.
            size: of the widget.
            font: of the widget.
            inks: what everything is drawn in.
            ratio: pixels of the screen a pixel.
            focus: whether keys go to the widget.
        """
        scene = self._scene
        if scene.row is None:
            self._paint_nothing(painter, QRect(0, 0, size.width(), size.height()), inks)
            return
        if self._kept.isNull():
            self._kept = self._still(size, font, inks, ratio)
        painter.drawPixmap(0, 0, self._kept)
        painter.setFont(font)
        overlay.paint_lit(painter, scene, inks, self._tint(inks, ratio))
        overlay.paint_region(painter, scene, inks)
        overlay.paint_loop(painter, scene, inks)
        overlay.paint_pointer(painter, scene, inks)
        overlay.paint_playhead(painter, scene, inks)
        if focus:
            overlay.paint_cursor(painter, scene, inks)

    def _still(self, size: QSize, font: QFont, inks: Inks, ratio: float) -> QPixmap:
        scene = self._scene
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(inks.margin)
        with QPainter(pixmap) as painter:
            painter.setFont(font)
            painter.fillRect(scene.body, inks.ground)
            paint_ruler(painter, scene, inks)
            paint_hull(painter, scene, inks)
            paint_strip(painter, scene, inks)
            paint_wave(painter, scene, inks, ratio)
            paint_picture(painter, scene, inks)
            paint_lanes(painter, scene, inks)
            paint_words(painter, scene, inks)
        return pixmap

    def _tint(self, inks: Inks, ratio: float) -> QImage:
        """The waveform where the lit phrase is heard."""
        scene, lit = self._scene, self._scene.lit
        if self._tinted[0] != lit and 0 <= lit < len(scene.lanes):
            self._tinted = (lit, lit_image(scene, scene.lanes[lit], inks.lane(lit), ratio))
        return self._tinted[1]

    def _paint_nothing(self, painter: QPainter, room: QRect, inks: Inks) -> None:
        painter.fillRect(room, inks.ground)
        painter.setPen(inks.quiet)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(room, flags, NOTHING)
