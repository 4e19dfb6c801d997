"""The timeline widget: why a sound was found, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QWidget

from app.desktop.models.sounds import SoundRow
from app.desktop.views.timeline.artist import Artist
from app.desktop.views.timeline.axis import TimeAxis
from app.desktop.views.timeline.colours import inks_of
from app.desktop.views.timeline.detail import DetailAsker
from app.desktop.views.timeline.hands import Hands
from app.desktop.views.timeline.lanes import lanes_of
from app.desktop.views.timeline.notice import GoneNotice
from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.waveform import Outline
from app.desktop.views.timeline.word_lane import WordLane
from tokenalign.audio.peaks import Peaks
from tokenalign.audio.spectrogram import Spectrogram
from tokenalign.grounding import Grounding
from tokenalign.speech import TimedWord

ZOOM_STEP = 1.5

_LOOKS_CHANGE = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
    QEvent.Type.DevicePixelRatioChange,
)


class Timeline(QWidget):
    """Waveform, spectrogram, a lane for each phrase of one sound, and one for its words.

    Signals:
        play_requested(start_s, end_s): a span, a phrase, a word or the region was chosen.
        seek_requested(time_s): a place was clicked.
        region_changed(region): (start_s, end_s), or None when it was taken away.
        phrase_hovered(index): the mouse is on a phrase or its span; -1 when it has left.
        region_dragged(): the person drags the region out of the window.
        export_requested(kind): "wav" for the region, else the suffix of a label format.
        detail_wanted(start_s, end_s): what is seen could be drawn finer; `show_detail` and
            `show_spectrogram` answer.
        loop_requested(): the person wants the region repeated.
        copy_words_requested(): the person wants the words on the clipboard.
        rescan_requested(): the file is gone, and the library is to look for it.
    """

    play_requested = Signal(float, float)
    seek_requested = Signal(float)
    region_changed = Signal(object)
    phrase_hovered = Signal(int)
    region_dragged = Signal()
    export_requested = Signal(str)
    detail_wanted = Signal(float, float)
    loop_requested = Signal()
    copy_words_requested = Signal()
    rescan_requested = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene()
        self._hands = Hands(timeline=self, scene=self._scene)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._artist = Artist(scene=self._scene)
        self._detail = DetailAsker(parent=self)
        self._detail.wanted.connect(self.detail_wanted)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("Scroll the phrases")
        self._bar.valueChanged.connect(self._on_scrolled)
        self.notice = GoneNotice(parent=self)
        self.notice.rescan_requested.connect(self.rescan_requested)
        self.show_sound(None)

    # What is shown

    def show_sound(self, row: SoundRow | None) -> None:
        """Another sound, or none; what belonged to the last one goes."""
        self._hands.let_go()
        self._scene.show(row)
        self._detail.forget()
        self.notice.hide()
        self._hands.renew()
        self._redraw()

    def show_facts(self, row: SoundRow) -> None:
        """Newer facts of the sound that is shown; region, zoom and drawings stay."""
        self._scene.row = row
        self._redraw()

    def show_peaks(self, peaks: Peaks) -> None:
        """The outline of the whole sound."""
        self._scene.outline = Outline(peaks, 0.0, peaks.duration_s)
        self._redraw()

    def show_gone(self, *, offline: bool) -> None:
        """The file cannot be drawn: it is gone, or only away with its folder."""
        self.notice.show_gone(offline=offline)

    def show_detail(self, peaks: Peaks, start_s: float, end_s: float) -> None:
        """A finer outline of a part, as `detail_wanted` asks for."""
        self._scene.detail = Outline(peaks, start_s, end_s)
        self._redraw()

    def show_spectrogram(self, spectrogram: Spectrogram) -> None:
        """The spectrogram of the whole sound, or a finer one of a part."""
        self._scene.hang(spectrogram)
        self._redraw()

    def show_grounding(self, grounding: Grounding | None) -> None:
        """Where the phrases sound; None takes the lanes away."""
        self._scene.lanes = lanes_of(grounding)
        self._scene.lit, self._scene.scroll = -1, 0
        self._hands.renew()
        self._redraw()

    def show_words(self, words: Sequence[TimedWord] | None, *, pending: bool = False) -> None:
        """What is said, below the phrases; None takes the lane away.

        Args:
            words: of the transcript, in its order.
            pending: whether their times are being found.
        """
        self._scene.words = WordLane(tuple(words), pending) if words else None
        self._hands.extend()
        self._redraw()

    def show_playhead(self, position_s: float) -> None:
        """Where it plays; when zoomed in, the view follows."""
        before_s, self._scene.playhead_s = self._scene.playhead_s, position_s
        followed = self._scene.axis.followed(before_s, position_s)
        if followed is not None and not self._hands.busy:
            self.look(followed)
        else:
            self._repaint_around((before_s, position_s))

    def set_loop(self, looping: bool) -> None:
        """Whether the region is repeated."""
        self._scene.looping = looping
        self.update()

    def set_attention_shown(self, shown: bool) -> None:
        """Show each phrase's tokens below it."""
        self._scene.attention_shown = shown
        self._redraw()

    def set_spectrogram_shown(self, shown: bool) -> None:
        """Show the spectrogram below the waveform."""
        self._scene.picture_shown = shown
        self._redraw()

    def highlight_phrase(self, index: int) -> None:
        """Light a phrase's lane; -1 for none."""
        self._scene.lit = index
        self.update()

    # Region and view

    def region(self) -> Span | None:
        """What the person has marked: (start_s, end_s)."""
        return self._scene.region

    def clear_region(self) -> None:
        """Take the region away, also one that is just being drawn."""
        self._hands.let_go()
        if self._scene.region is not None:
            self.mark(None, finished=True)

    def mark(self, region: Span | None, *, finished: bool) -> None:
        """Make a region; told to others once it is finished."""
        self._scene.region = region
        self.update()
        if finished:
            self.region_changed.emit(region)

    def look(self, axis: TimeAxis) -> None:
        """Show these seconds."""
        if self._scene.row is None:
            return
        self._scene.axis = axis
        self._detail.look_at(axis)
        self._redraw()

    def zoom_in(self) -> None:
        """Half again as wide, around the playhead if it is seen."""
        self.look(self._scene.axis.zoomed(ZOOM_STEP, self._scene.anchor_s))

    def zoom_out(self) -> None:
        """The way back."""
        self.look(self._scene.axis.zoomed(1 / ZOOM_STEP, self._scene.anchor_s))

    def zoom_all(self) -> None:
        """The whole sound."""
        self.look(self._scene.axis.over_all())

    def zoom_to_region(self) -> None:
        """What the person has marked, or the best moment without a region."""
        span = self._scene.region or self._scene.hull
        if span is not None:
            self.zoom_to(span)

    def zoom_to(self, span: Span) -> None:
        """A stretch with a little around it."""
        margin_s = 0.2 * (span[1] - span[0])
        self.look(self._scene.axis.showing(span[0] - margin_s, span[1] + margin_s))

    def scroll_lanes(self, by: int) -> None:
        """Move the lanes up by so many pixels, as far as any are out of sight."""
        self._bar.setValue(self._bar.value() + by)

    # What Qt calls

    def event(self, event: QEvent) -> bool:
        """What the person does comes first."""
        return self._hands.handle(event) or super().event(event)

    def sizeHint(self) -> QSize:
        """Room for a waveform and four lanes."""
        return QSize(60 * self.fontMetrics().height(), 18 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the waveform and two lanes."""
        return QSize(26 * self.fontMetrics().height(), 9 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is shown."""
        with QPainter(self) as painter:
            self._artist.paint(
                painter,
                self.size(),
                self.font(),
                inks_of(self.palette()),
                self.devicePixelRatioF(),
                focus=self.hasFocus(),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the place of everything again."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or font."""
        if event.type() in _LOOKS_CHANGE:
            self._redraw()
        super().changeEvent(event)

    def _redraw(self) -> None:
        scene = self._scene
        scene.arrange(self.size(), self.fontMetrics(), bar_width=self._bar.sizeHint().width())
        self._place_bar()
        self.notice.setGeometry(scene.rooms.track(scene.rooms.wave))
        self._artist.forget()
        self.update()

    def _place_bar(self) -> None:
        rooms, width = self._scene.rooms, self._bar.sizeHint().width()
        view = rooms.lanes_view
        self._bar.setVisible(rooms.hidden > 0)
        self._bar.setGeometry(self.width() - width, view.top(), width, view.height())
        self._bar.setPageStep(view.height())
        self._bar.setSingleStep(self.fontMetrics().height())
        self._bar.setRange(0, rooms.hidden)
        self._bar.setValue(self._scene.scroll)

    def _on_scrolled(self, value: int) -> None:
        if value != self._scene.scroll:
            self._scene.scroll = value
            self._redraw()

    def _repaint_around(self, times_s: tuple[float | None, ...]) -> None:
        """Only the columns around these times: a playhead moves often."""
        reach = self.fontMetrics().height()
        for x in (round(self._scene.axis.x(time_s)) for time_s in times_s if time_s is not None):
            self.update(x - reach, 0, 2 * reach, self.height())
