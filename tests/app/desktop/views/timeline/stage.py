"""A timeline with a sound and a caption on it, and where to point at what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.models.sounds import SoundRow
from app.desktop.views.timeline.timeline import Timeline
from tests.app.desktop.sounds import phrase, sound
from tokenalign.audio.peaks import Peaks
from tokenalign.audio.spectrogram import Spectrogram
from tokenalign.grounding import Grounding, PhraseGrounding, TokenWeight
from tokenalign.query.types import Relation

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
FRAMES = 50

DOG = phrase("a dog barks", 0.94, (1.0, 2.0), (6.0, 6.5))
RAIN = phrase("rain falls", 0.81, (3.0, 9.0), relation=Relation.THEN)
OWL = phrase("an owl hoots", 0.12, (4.0, 5.0), relation=Relation.WHILE, found=False)
THUNDER = phrase("thunder", 0.03, relation=Relation.WITHOUT)
SPOILER = phrase("bells", 0.9, (2.0, 3.0), relation=Relation.WITHOUT)


def grounding(*phrases: PhraseGrounding, duration_s: float = 10.0) -> Grounding:
    """A caption of these phrases; each word is a token, heard where its phrase is."""
    edges_s = np.linspace(0.0, duration_s, FRAMES + 1)
    placed, tokens, rows, at = [], [], [], 0
    for one in phrases:
        scores = frame_scores(one, edges_s)
        end = at + len(one.text)
        placed.append(
            replace(one, start_char=at, end_char=end, frame_scores=scores, frame_edges_s=edges_s)
        )
        words = one.text.split()
        for word in words:
            tokens.append(TokenWeight(word, at, at + len(word), 1 / len(words)))
            rows.append((scores + 1e-3) / (scores + 1e-3).sum())
            at += len(word) + 1
        at = end + 2
    return Grounding(
        caption=", ".join(one.text for one in phrases),
        score=0.5,
        phrases=tuple(placed),
        tokens=tuple(tokens),
        attention=np.array(rows, np.float32),
        frame_edges_s=edges_s,
    )


def frame_scores(one: PhraseGrounding, edges_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """The phrase's score in the frames whose middle is in one of its spans."""
    middles_s = (edges_s[:-1] + edges_s[1:]) / 2
    inside = [(s.start_s <= middles_s) & (middles_s < s.end_s) for s in one.segments]
    heard: NDArray[np.bool_] = np.any([np.zeros(len(middles_s), bool), *inside], axis=0)
    return heard * np.float32(one.score)


def burst_peaks(start_s: float, end_s: float, *, duration_s: float = 10.0) -> Peaks:
    """A sound that is loud between two times and silent elsewhere."""
    high = burst(start_s, end_s, duration_s=duration_s, columns=1000).astype(np.float32)
    return Peaks(low=-high, high=high, duration_s=duration_s)


def burst_picture(start_s: float, end_s: float, *, duration_s: float = 10.0) -> Spectrogram:
    """The spectrogram of such a sound."""
    loud = burst(start_s, end_s, duration_s=duration_s, columns=500)
    levels_db = np.tile(np.where(loud, -10.0, -120.0), (40, 1)).astype(np.float32)
    return Spectrogram(levels_db, start_s=0.0, end_s=duration_s, low_hz=50.0, high_hz=16_000.0)


def burst(start_s: float, end_s: float, *, duration_s: float, columns: int) -> NDArray[np.bool_]:
    times_s = (np.arange(columns) + 0.5) * duration_s / columns
    inside: NDArray[np.bool_] = (times_s >= start_s) & (times_s < end_s)
    return inside


class Stage:
    """Points and clicks at a timeline as a person does."""

    def __init__(self, qtbot: QtBot, *, row: SoundRow | None = None) -> None:
        self.qtbot = qtbot
        self.timeline = Timeline()
        qtbot.addWidget(self.timeline)
        unit = self.timeline.fontMetrics().height()
        self.timeline.resize(60 * unit, 30 * unit)
        with qtbot.waitActive(self.timeline):
            self.timeline.show()
        self.timeline.clearFocus()  # the window's search field has it at first
        self.timeline.show_sound(row or sound("walk.wav"))
        self._scene = self.timeline._scene
        self.ground(DOG, RAIN, OWL, THUNDER)

    def ground(self, *phrases: PhraseGrounding) -> None:
        self.timeline.show_grounding(grounding(*phrases, duration_s=self._scene.axis.duration_s))

    # Where things are

    @property
    def seen(self) -> tuple[float, float]:
        """The seconds that are seen."""
        return self._scene.axis.start_s, self._scene.axis.end_s

    @property
    def lit(self) -> int:
        return self._scene.lit

    @property
    def scroll(self) -> int:
        return self._scene.scroll

    def x(self, time_s: float) -> int:
        return round(self._scene.axis.x(time_s))

    def time_s(self, x: int) -> float:
        return self._scene.axis.time_s(x)

    def track(self, part: str) -> QRect:
        """The track of "wave", "picture", "strip", "ruler" or "grip"."""
        rooms = self._scene.rooms
        return rooms.track(getattr(rooms, part))

    def lane(self, index: int) -> QRect:
        return self._scene.rooms.track(self._scene.rooms.lanes[index].row)

    def token_rows(self, index: int) -> Sequence[QRect]:
        return self._scene.rooms.lanes[index].tokens

    def on_lane(self, index: int, time_s: float) -> QPoint:
        return QPoint(self.x(time_s), self.lane(index).center().y())

    def on_label(self, index: int) -> QPoint:
        return QPoint(self.lane(index).left() // 2, self.lane(index).center().y())

    def on(self, part: str, time_s: float) -> QPoint:
        return QPoint(self.x(time_s), self.track(part).center().y())

    # What the person does

    def click(self, point: QPoint) -> None:
        QTest.mouseClick(self.timeline, LEFT, NONE, point)

    def hover(self, point: QPoint) -> None:
        self._send(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)

    def leave(self) -> None:
        QApplication.sendEvent(self.timeline, QEvent(QEvent.Type.Leave))

    def press(self, point: QPoint) -> None:
        QTest.mousePress(self.timeline, LEFT, NONE, point)

    def move(self, point: QPoint) -> None:
        """With the button down; QTest's own moves say that it is up."""
        self._send(QEvent.Type.MouseMove, point, LEFT)

    def release(self, point: QPoint) -> None:
        QTest.mouseRelease(self.timeline, LEFT, NONE, point)

    def drag(self, *points: QPoint) -> None:
        self.press(points[0])
        for point in points[1:]:
            self.move(point)
        self.release(points[-1])

    def draw_region(self, start_s: float, end_s: float) -> None:
        middle_s = (start_s + end_s) / 2
        self.drag(*(self.on("wave", time_s) for time_s in (start_s, middle_s, end_s)))

    def turn(self, point: QPoint, notches: int, modifier: Qt.KeyboardModifier = NONE) -> bool:
        """Turn the wheel up (positive) or down; whether the timeline took it."""
        wheel = QWheelEvent(
            QPointF(point),
            QPointF(self.timeline.mapToGlobal(point)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.timeline, wheel)
        return wheel.isAccepted()

    def _send(self, kind: QEvent.Type, point: QPoint, buttons: Qt.MouseButton) -> None:
        where = QPointF(self.timeline.mapToGlobal(point))
        button = Qt.MouseButton.NoButton
        event = QMouseEvent(kind, QPointF(point), where, button, buttons, NONE)
        QApplication.sendEvent(self.timeline, event)

    # What the person sees

    def picture(self, room: QRect | None = None) -> NDArray[np.uint8]:
        """The pixels [H, W, 4] of the widget, or of a part."""
        return pixels(self.timeline.grab(room or self.timeline.rect()).toImage())


def pixels(image: QImage) -> NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    held = np.frombuffer(image.constBits(), np.uint8)
    return held.reshape(image.height(), image.width(), 4).copy()


def columns_that_differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Numbers of the columns with a pixel that is not the same."""
    return np.flatnonzero((one[..., :3] != other[..., :3]).any(axis=(0, 2)))
