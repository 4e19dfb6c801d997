"""Listening: the selected sound in the timeline and the player."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.outlines import Outlines
from app.desktop.player.player import Player, PlayState
from app.desktop.tasks import TaskRunner
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.workshop import Workshop
from tokenalign.audio.spectrogram import spectrogram
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding, Segment
from tokenalign.refinement import Emphasis

SPECTROGRAM_COLUMNS = 1200

BEFORE_S = 0.15
"""A span is played from a little before it, so that its attack is heard."""


class ListeningController(QObject):
    """Shows and plays the selected sound.

    Args:
        workshop: library and model.
        outlines: waveforms for drawing.
        timeline: shows the sound.
        player: plays it.
        bar: the player's controls.
        results: asks for the outlines of its rows.
        parent: owner.
    """

    failed = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        *,
        workshop: Workshop,
        outlines: Outlines,
        timeline: Timeline,
        player: Player,
        bar: PlayerBar,
        results: ResultsModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._outlines = outlines
        self._timeline = timeline
        self._player = player
        self._bar = bar
        self._results = results
        self._row: SoundRow | None = None
        self._grounding: Grounding | None = None
        self._question: tuple[str, tuple[Emphasis, ...]] = ("", ())
        self._looping = False
        self.auto_play = True
        # The outline of the selected sound must not wait for those of the table.
        self._selected_runner = TaskRunner("selected", newest_wins=True, parent=self)
        self._detail_runner = TaskRunner("detail", newest_wins=True, parent=self)
        self._outline_runner = TaskRunner("outlines", newest_wins=True, parent=self)
        self._connect()

    @property
    def row(self) -> SoundRow | None:
        """The selected sound."""
        return self._row

    @property
    def grounding(self) -> Grounding | None:
        """Where the phrases of the caption sound in it."""
        return self._grounding

    def _connect(self) -> None:
        timeline, player, bar = self._timeline, self._player, self._bar
        timeline.play_requested.connect(self.play_span)
        timeline.seek_requested.connect(self.seek)
        timeline.region_changed.connect(lambda _: self._apply_loop())
        timeline.detail_wanted.connect(self._on_detail_wanted)
        player.position_changed.connect(self._on_position_changed)
        player.state_changed.connect(bar.show_state)
        player.trouble.connect(bar.show_trouble)
        bar.play_pressed.connect(self.toggle)
        bar.stop_pressed.connect(player.stop)
        bar.loop_toggled.connect(self.set_loop)
        bar.volume_changed.connect(player.set_volume_db)
        bar.device_chosen.connect(player.set_device)
        self._results.peaks_wanted.connect(self._on_peaks_wanted)

    # The selected sound

    def ask_about(self, caption: str, emphases: tuple[Emphasis, ...]) -> None:
        """From now on, show where the phrases of this caption sound."""
        self._question = (caption, emphases)

    def select(self, row: SoundRow | None) -> None:
        """Show a sound, and play it from its best moment if it is to play at once."""
        self._row, self._grounding = row, None
        self._timeline.show_sound(row)
        self._timeline.show_grounding(None)
        if row is None:
            return
        self._bar.show_name(row.name)
        self._bar.show_position(row.start_s, row.duration_s)
        self._look_at(row)
        if self.auto_play and not row.offline:
            self.play_from(row.start_s)

    def _look_at(self, row: SoundRow) -> None:
        """Outline, spans and spectrogram, each shown as soon as it is there."""
        caption, emphases = self._question

        def outline() -> None:
            self._selected_runner.start(
                lambda: self._outlines.of(row.path),
                done=lambda found: (self._timeline.show_peaks(found), grounding()),
                failed=self._on_failed,
            )

        def grounding() -> None:
            if not caption:
                picture()
                return
            self._selected_runner.start(
                lambda: self._ground(row.path, caption, emphases),
                done=lambda found: (self._show_grounding(found), picture()),
                failed=self._on_failed,
            )

        def picture() -> None:
            self._selected_runner.start(
                lambda: spectrogram(
                    row.path, start_s=0.0, end_s=row.duration_s, columns=SPECTROGRAM_COLUMNS
                ),
                done=self._timeline.show_spectrogram,
                failed=self._on_failed,
            )

        outline()

    def _ground(self, path: Path, caption: str, emphases: tuple[Emphasis, ...]) -> Grounding:
        """Runs on the thread of the selected sound."""
        encoded = self._workshop.encoded(caption, emphases)
        return self._workshop.library().ground(path, encoded, self._workshop.model())

    def _show_grounding(self, grounding: Grounding) -> None:
        self._grounding = grounding
        self._timeline.show_grounding(grounding)

    def _on_detail_wanted(self, start_s: float, end_s: float) -> None:
        row = self._row
        if row is None:
            return
        self._detail_runner.start(
            lambda: spectrogram(
                row.path, start_s=start_s, end_s=end_s, columns=SPECTROGRAM_COLUMNS
            ),
            done=self._timeline.show_spectrogram,
            failed=self._on_failed,
        )

    def _on_peaks_wanted(self, paths: list[Path]) -> None:
        """Outlines of visible rows; the rows that are visible now come first."""

        def work(left: list[Path]) -> None:
            if not left:
                return
            path, rest = left[0], left[1:]
            self._outline_runner.start(
                lambda: self._outlines.of(path),
                done=lambda found: (self._results.put_peaks(path, found), work(rest)),
                failed=lambda _: work(rest),  # told when the sound itself is selected
            )

        work(list(paths))

    # Playing

    def play_from(self, start_s: float) -> None:
        """Play the selected sound from a time on."""
        if self._row is None:
            return
        self._player.play(self._row.path, start_s=start_s)
        self._apply_loop()

    def play_span(self, start_s: float, end_s: float) -> None:
        """Play a part of the selected sound."""
        if self._row is None:
            return
        self._player.play(
            self._row.path,
            start_s=max(0.0, start_s - BEFORE_S),
            end_s=min(end_s + BEFORE_S, self._row.duration_s),
            loop=self._looping,
        )

    def play_best(self) -> None:
        """Play the best moment of the selected sound."""
        if self._row is not None:
            self.play_span(self._row.start_s, self._row.end_s)

    def play_phrase(self, number: int) -> None:
        """Play the strongest span of the n-th phrase, counted from 0."""
        segments = self._segments_of(number)
        if segments:
            best = max(segments, key=lambda segment: segment.score)
            self.play_span(best.start_s, best.end_s)

    def play_match(self, step: int) -> None:
        """Play the next (1) or previous (-1) span after the playhead, whatever its phrase."""
        spans = sorted(
            {
                (s.start_s, s.end_s)
                for n in range(self._phrase_count())
                for s in self._segments_of(n)
            }
        )
        here = self._player.position_s + BEFORE_S
        if step > 0:
            ahead = [span for span in spans if span[0] > here + 0.05]
            chosen = ahead[:1] or spans[:1]
        else:
            behind = [span for span in spans if span[0] < here - 0.5]
            chosen = behind[-1:] or spans[-1:]
        for start_s, end_s in chosen:
            self.play_span(start_s, end_s)

    def _phrase_count(self) -> int:
        return len(self._grounding.phrases) if self._grounding else 0

    def _segments_of(self, number: int) -> tuple[Segment, ...]:
        if not 0 <= number < self._phrase_count():
            return ()
        assert self._grounding is not None
        return self._grounding.phrases[number].heard

    def toggle(self) -> None:
        """Play or pause; from the best moment when nothing is at hand."""
        if self._player.state is PlayState.STOPPED:
            region = self._timeline.region()
            self.play_from(region[0] if region else self._row.start_s if self._row else 0.0)
        else:
            self._player.toggle()

    def seek(self, position_s: float) -> None:
        """Go to a time, playing on if it plays."""
        if self._row is None:
            return
        if self._player.path == self._row.path and self._player.state is not PlayState.STOPPED:
            self._player.seek(position_s)
        else:
            self.play_from(position_s)

    def nudge(self, step_s: float) -> None:
        """Go a little forward or back."""
        if self._row is not None:
            self.seek(min(max(0.0, self._player.position_s + step_s), self._row.duration_s))

    def set_loop(self, looping: bool) -> None:
        """Repeat the region, or the whole sound without one."""
        self._looping = looping
        self._timeline.set_loop(looping)
        self._bar.show_loop(looping)
        self._apply_loop()

    def toggle_loop(self) -> None:
        """Loop if it does not, and the other way round."""
        self.set_loop(not self._looping)

    def _apply_loop(self) -> None:
        whole = (0.0, self._row.duration_s) if self._row else None
        self._player.set_loop((self._timeline.region() or whole) if self._looping else None)

    def _on_position_changed(self, position_s: float) -> None:
        if self._row is not None and self._player.path == self._row.path:
            self._timeline.show_playhead(position_s)
            self._bar.show_position(position_s, self._row.duration_s)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, TokenAlignError):
            self.told.emit(error.message)
        else:
            self.failed.emit(error)

    def runners(self) -> tuple[TaskRunner, ...]:
        """For who waits until all is drawn."""
        return self._selected_runner, self._detail_runner, self._outline_runner

    def close(self) -> None:
        """Stop, cancel and wait."""
        self._player.close()
        for runner in self.runners():
            runner.close()
