"""What the timeline shows just now: content, the visible stretch, the region, what is lit."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics

from app.desktop.models.sounds import SoundRow
from app.desktop.views.timeline.axis import TimeAxis
from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.rooms import Rooms, Wishes, arranged
from app.desktop.views.timeline.waveform import Outline
from app.desktop.views.timeline.word_lane import Row, WordLane
from tokenalign.audio.spectrogram import Spectrogram

Span = tuple[float, float]


class Scene:
    """Everything that painting and pointing need to know.

    Attributes:
        row: the sound; None when there is none.
        outline: of the whole sound.
        detail: a finer one of a part.
        pictures: spectrograms: of the whole sound, and then a finer one of a part.
        lanes: one for each phrase.
        words: what is said; None if nobody has written it down.
        axis: the seconds that are seen.
        rooms: where everything stands.
        region: what the person has marked.
        looping: whether the region is repeated.
        playhead_s: where it plays; None if it has not begun.
        pointer_s: the time under the mouse; None if it is elsewhere.
        lit: the phrase that is lit, -1 for none.
        cursor: (row, span) that keys have reached, span -1 for the lane itself; None if none.
        picture_shown: whether the spectrogram is.
        attention_shown: whether tokens are.
        scroll: pixels that the lanes are scrolled by.
    """

    def __init__(self) -> None:
        self.picture_shown = False
        self.attention_shown = False
        self.looping = False
        self.show(None)

    def show(self, row: SoundRow | None) -> None:
        """Begin anew with another sound."""
        self.row = row
        self.outline: Outline | None = None
        self.detail: Outline | None = None
        self.pictures: tuple[Spectrogram, ...] = ()
        self.lanes: tuple[Lane, ...] = ()
        self.words: WordLane | None = None
        duration_s = row.duration_s if row else 0.0
        self.axis = TimeAxis(duration_s=duration_s, end_s=duration_s)
        self.rooms = Rooms()
        self.region: Span | None = None
        self.playhead_s: float | None = None
        self.pointer_s: float | None = None
        self.lit = -1
        self.cursor: tuple[int, int] | None = None
        self.scroll = 0

    def hang(self, picture: Spectrogram) -> None:
        """Take a spectrogram in place of the last one of the whole sound, or of a part."""
        others = [one for one in self.pictures if self._is_whole(one) != self._is_whole(picture)]
        self.pictures = tuple(sorted([*others, picture], key=self._is_whole, reverse=True))

    def _is_whole(self, picture: Spectrogram) -> bool:
        return picture.end_s - picture.start_s >= 0.99 * self.axis.duration_s

    @property
    def rows(self) -> tuple[Row, ...]:
        """The lanes, and below them the words."""
        return (*self.lanes, self.words) if self.words else self.lanes

    @property
    def zoomed(self) -> bool:
        """Whether only a part of the sound is seen."""
        return not self.axis.whole

    @property
    def hull(self) -> Span | None:
        """The best moment, unless it is the whole sound or nothing was searched."""
        row = self.row
        if row is None or row.score is None or row.end_s - row.start_s >= 0.99 * row.duration_s:
            return None
        return row.start_s, row.end_s

    @property
    def anchor_s(self) -> float:
        """What stays in its place when zooming without a mouse: the playhead if it is seen."""
        axis, playhead_s = self.axis, self.playhead_s
        if playhead_s is not None and axis.start_s <= playhead_s <= axis.end_s:
            return playhead_s
        return (axis.start_s + axis.end_s) / 2

    @property
    def body(self) -> QRect:
        """The tracks from the waveform down."""
        rooms = self.rooms
        return rooms.track(rooms.wave.united(rooms.picture).united(rooms.lanes_view))

    def arrange(self, size: QSize, metrics: QFontMetrics, *, bar_width: int) -> None:
        """Find the place of everything; the bar stands at the right when lanes are out of sight."""
        self.scroll = min(self.scroll, self._arranged(size, metrics, 0).hidden)
        self.rooms = self._arranged(size, metrics, 0)
        if self.rooms.hidden:
            self.rooms = self._arranged(size, metrics, bar_width)
        self.axis = self.axis.placed(self.rooms.left, self.rooms.right - self.rooms.left)

    def _arranged(self, size: QSize, metrics: QFontMetrics, bar_width: int) -> Rooms:
        wishes = Wishes(
            lanes=self.rows,
            zoomed=self.zoomed,
            picture=self.picture_shown,
            attention=self.attention_shown,
            scroll=self.scroll,
            bar_width=bar_width,
        )
        return arranged(QRect(0, 0, size.width(), size.height()), metrics, wishes)

    def span_rect(self, row: QRect, span: Span, *, least: int = 3) -> QRect:
        """The part of a row between two times, at least so many pixels wide."""
        left, right = round(self.axis.x(span[0])), round(self.axis.x(span[1]))
        return QRect(left, row.top(), max(least, right - left), row.height())
