"""Showing: the selected sound's outline, spans and spectrogram, each as soon as it is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.controllers.speaking import SpeakingController
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.outlines import Outlines
from app.desktop.tasks import TaskRunner
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.workshop import Workshop
from tokenalign.audio.peaks import Peaks, peaks_of_region
from tokenalign.audio.spectrogram import Spectrogram, spectrogram
from tokenalign.grounding import Grounding
from tokenalign.refinement import Emphasis

COLUMNS = 1600
"""Columns of spectrograms and finer outlines: about a screen's width."""

Question = tuple[str, tuple[Emphasis, ...]]


class ShowingController(QObject):
    """Fills the timeline, and the small outlines of the table.

    Signals:
        changed: another sound is shown, or its phrases have been found.
        lost: the file of the sound that is shown is not there.
        failed: why work failed: a `TokenAlignError` is for the person, all else a bug.

    Args:
        workshop: library and model.
        outlines: waveforms for drawing.
        timeline: shows the sound.
        results: asks for the outlines of its rows.
        speaking: shows what is said in the sound.
        parent: owner.
    """

    changed = Signal()
    lost = Signal()
    failed = Signal(object)

    def __init__(
        self,
        *,
        workshop: Workshop,
        outlines: Outlines,
        timeline: Timeline,
        results: ResultsModel,
        speaking: SpeakingController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._outlines = outlines
        self._timeline = timeline
        self._results = results
        self._speaking = speaking
        self.row: SoundRow | None = None
        self.grounding: Grounding | None = None
        self.gone = False
        self._question: Question = ("", ())
        # Each its own thread: the spans of the selected sound wait for no drawing.
        self._outline = TaskRunner("outline", newest_wins=True, parent=self)
        self._spans = TaskRunner("spans", newest_wins=True, parent=self)
        self._picture = TaskRunner("picture", newest_wins=True, parent=self)
        self._detail = TaskRunner("detail", newest_wins=True, parent=self)
        self._small_outlines = TaskRunner("outlines", newest_wins=True, parent=self)
        timeline.detail_wanted.connect(self._on_detail_wanted)
        results.peaks_wanted.connect(self._on_peaks_wanted)

    def ask_about(self, caption: str, emphases: tuple[Emphasis, ...]) -> None:
        """From now on, show where the phrases of this caption sound; nothing for an empty one."""
        if (caption, emphases) != self._question:
            self._question = (caption, emphases)
            if self.row is not None:
                self._ground(self.row)

    def select(self, row: SoundRow | None) -> None:
        """Show a sound, or none; of the one that is shown already, its newer facts."""
        before, self.row = self.row, row
        if _sound(row) == _sound(before):
            if row is not None:
                self._timeline.show_facts(row)
            return
        for runner in self._selected_runners():
            runner.cancel()  # what it finds is about the last sound
        self.grounding, self.gone = None, False
        self._timeline.show_sound(row)
        self._speaking.select(row)
        self.changed.emit()
        if row is None:
            return
        self._outline.start(
            lambda: self._outlines.of(row.path),
            done=self._timeline.show_peaks,
            failed=self._on_undrawn,
        )
        self._ground(row)
        self._picture.start(
            lambda: spectrogram(row.path, start_s=0.0, end_s=row.duration_s, columns=COLUMNS),
            done=self._timeline.show_spectrogram,
            failed=self._on_undrawn,
        )

    # Spans

    def _ground(self, row: SoundRow) -> None:
        caption, emphases = self._question
        if not caption:
            self._spans.cancel()
            self._show_grounding(None)
            return

        def work() -> Grounding:
            encoded, model = self._workshop.encoded(caption, emphases)
            return self._workshop.library().ground(row.path, encoded, model)

        self._spans.start(work, done=self._show_grounding, failed=self._on_ungrounded)

    def _show_grounding(self, grounding: Grounding | None) -> None:
        self.grounding = grounding
        self._timeline.show_grounding(grounding)
        self.changed.emit()

    def _on_ungrounded(self, error: Exception) -> None:
        """Take away what was found for another caption: it is no answer to this one."""
        self._show_grounding(None)
        self.failed.emit(error)

    # Drawing

    def _on_detail_wanted(self, start_s: float, end_s: float) -> None:
        if (row := self.row) is None:
            return

        def work() -> tuple[Peaks, Spectrogram]:
            span = {"start_s": start_s, "end_s": end_s}
            outline = peaks_of_region(row.path, **span, bins=COLUMNS)
            return outline, spectrogram(row.path, **span, columns=COLUMNS)

        def show(drawn: tuple[Peaks, Spectrogram]) -> None:
            outline, picture = drawn
            self._timeline.show_detail(outline, start_s, end_s)
            self._timeline.show_spectrogram(picture)

        self._detail.start(work, done=show, failed=self._on_undrawn)

    def _on_peaks_wanted(self, paths: list[Path]) -> None:
        """The outlines of visible rows, one after the other; newer wishes take their place."""
        if not paths:
            return
        path, left = paths[0], paths[1:]

        def put(outline: Peaks | None) -> None:
            self._results.put_peaks(path, outline)
            self._on_peaks_wanted(left)

        self._small_outlines.start(
            lambda: self._outlines.of(path),
            done=put,
            failed=lambda _: put(None),  # why is told when the sound itself is selected
        )

    def _on_undrawn(self, error: Exception) -> None:
        """Say where the waveform would be that the file is gone; other trouble in a line."""
        if self.row is None or not isinstance(error.__cause__, FileNotFoundError):
            self.failed.emit(error)
            return
        self.gone = True
        self._timeline.show_gone(offline=self.row.offline)
        self.lost.emit()

    def runners(self) -> tuple[TaskRunner, ...]:
        """Those that work when a sound is shown."""
        return (*self._own_runners(), self._speaking.runner)

    def close(self) -> None:
        """Cancel and wait."""
        for runner in self._own_runners():
            runner.close()

    def _own_runners(self) -> tuple[TaskRunner, ...]:
        return (*self._selected_runners(), self._small_outlines)

    def _selected_runners(self) -> tuple[TaskRunner, ...]:
        """Those that work for the selected sound alone."""
        return self._outline, self._spans, self._picture, self._detail


def _sound(row: SoundRow | None) -> tuple[Path, float] | None:
    """What of a row is drawn, and stays drawn while this is the same."""
    return (row.path, row.duration_s) if row is not None else None
