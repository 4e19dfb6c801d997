"""Where everything stands in the widget: rectangles from its size, its font and its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from app.desktop.models.text import plain_text
from app.desktop.views.timeline.word_lane import Row
from tokenalign.query.types import Relation


@dataclass(frozen=True)
class LaneRoom:
    """Where a phrase, or the words, stand: their own row, and one for each token below it."""

    row: QRect
    tokens: tuple[QRect, ...] = ()

    @property
    def whole(self) -> QRect:
        """The row with those of the tokens."""
        return self.row.united(self.tokens[-1]) if self.tokens else self.row


@dataclass(frozen=True)
class Rooms:
    """All rectangles; empty ones are not shown. Tracks lie between `left` and `right`.

    Attributes:
        left: where tracks begin, behind the labels.
        right: where they end, before the scores.
        strip: the whole file, when zoomed in.
        ruler: times.
        grip: the bar that a region is dragged out by.
        wave: the waveform.
        picture: the spectrogram.
        lanes_view: what is seen of the lanes.
        lanes: where they stand, scrolled.
        lanes_height: of all lanes, also those out of sight.
        chip: the side of a lane's coloured chip.
        relation: width of the relations' column.
    """

    left: int = 0
    right: int = 1
    strip: QRect = field(default_factory=QRect)
    ruler: QRect = field(default_factory=QRect)
    grip: QRect = field(default_factory=QRect)
    wave: QRect = field(default_factory=QRect)
    picture: QRect = field(default_factory=QRect)
    lanes_view: QRect = field(default_factory=QRect)
    lanes: tuple[LaneRoom, ...] = ()
    lanes_height: int = 0
    chip: int = 0
    relation: int = 0

    def track(self, row: QRect) -> QRect:
        """The part of a row that lies on the time axis."""
        return QRect(self.left, row.top(), self.right - self.left, row.height())

    @property
    def hidden(self) -> int:
        """Pixels of lanes that are out of sight."""
        return max(0, self.lanes_height - self.lanes_view.height())


@dataclass(frozen=True)
class Wishes:
    """What is to be shown."""

    lanes: Sequence[Row] = ()
    zoomed: bool = False
    picture: bool = False
    attention: bool = False
    scroll: int = 0
    bar_width: int = 0


def arranged(size: QRect, metrics: QFontMetrics, wishes: Wishes) -> Rooms:
    """Stack the parts: ruler and waveform above, lanes at the bottom."""
    unit = metrics.height()
    chip = round(unit * 1.05)
    relation = _relation_width(wishes.lanes, metrics)
    left = _label_width(size.width(), metrics, wishes.lanes, chip + relation)
    right = size.width() - metrics.horizontalAdvance("0.00") - unit - wishes.bar_width
    heights = _Heights(size.height(), unit, wishes)
    top = 0
    rows = []
    for height in (heights.strip, heights.ruler, heights.grip, heights.wave, heights.picture):
        rows.append(QRect(0, top, size.width(), height))
        top += height
    view = QRect(0, top, size.width(), max(0, size.height() - top))
    return Rooms(
        left=left,
        right=max(left + 1, right),
        strip=rows[0],
        ruler=rows[1],
        grip=rows[2],
        wave=rows[3],
        picture=rows[4],
        lanes_view=view,
        lanes=_lane_rooms(view, heights, wishes),
        lanes_height=heights.lanes,
        chip=chip,
        relation=relation,
    )


class _Heights:
    """How the height is shared: the waveform and the spectrogram take what the lanes leave."""

    def __init__(self, height: int, unit: int, wishes: Wishes) -> None:
        self.strip = round(unit * 1.4) if wishes.zoomed else 0
        self.ruler = round(unit * 1.45)
        self.grip = round(unit * 0.55)
        self.lane = round(min(max(height * 0.085, unit * 1.45), unit * 2.0))
        self.token = round(unit * 1.05)
        tokens = sum(len(lane.tokens) for lane in wishes.lanes) if wishes.attention else 0
        foot = round(unit * 0.3)
        self.lanes = self.lane * len(wishes.lanes) + self.token * tokens + foot
        least = round(unit * (3.0 + (4.0 if wishes.picture else 0.0)))
        free = height - self.strip - self.ruler - self.grip
        sounds = max(least, free - self.lanes)
        self.wave = round(sounds * 0.42) if wishes.picture else sounds
        self.picture = sounds - self.wave


def _lane_rooms(view: QRect, heights: _Heights, wishes: Wishes) -> tuple[LaneRoom, ...]:
    top = view.top() - wishes.scroll
    rooms = []
    for lane in wishes.lanes:
        row = QRect(0, top, view.width(), heights.lane)
        top += heights.lane
        tokens = []
        for _ in lane.tokens if wishes.attention else ():
            tokens.append(QRect(0, top, view.width(), heights.token))
            top += heights.token
        rooms.append(LaneRoom(row, tuple(tokens)))
    return tuple(rooms)


def relation_text(relation: Relation) -> str:
    """The word before a phrase; the first one needs none."""
    return "" if relation is Relation.FIRST else str(relation)


def _relation_width(lanes: Sequence[Row], metrics: QFontMetrics) -> int:
    texts = [relation_text(lane.relation) for lane in lanes]
    return max((metrics.horizontalAdvance(text) for text in texts if text), default=0)


def _label_width(width: int, metrics: QFontMetrics, lanes: Sequence[Row], before: int) -> int:
    """As wide as the longest phrase, but no more than three tenths of the widget; tracks fit."""
    texts = [metrics.horizontalAdvance(plain_text(lane.text)) for lane in lanes]
    wanted = before + max(texts, default=0) + 2 * metrics.height()
    tracks = ("Spectrogram 10 k", "peak −10.0 dB")  # what stands there whatever the phrases are
    least = max(map(metrics.horizontalAdvance, tracks)) + round(1.25 * metrics.height())
    return max(least, min(wanted, round(width * 0.3), metrics.averageCharWidth() * 45))
