"""Speaking: the words of the selected sound, and when each of them is said."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.desktop.models.sounds import SoundRow
from app.desktop.tasks import TaskRunner
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.workshop import Workshop
from tokenalign.speech import TimedWord
from tokenalign.speech.transcripts import Transcript


class SpeakingController(QObject):
    """Fills the timeline's lane of words: with the words at once, with their times when found.

    Signals:
        changed: other words are shown.
        failed: why work failed: a `TokenAlignError` is for the person, all else a bug.

    Args:
        workshop: reads transcripts and times words.
        timeline: shows them.
        parent: owner.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, *, workshop: Workshop, timeline: Timeline, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._timeline = timeline
        self._row: SoundRow | None = None
        self._transcript: Transcript | None = None
        self.words: tuple[TimedWord, ...] = ()
        self.runner = TaskRunner("words", newest_wins=True, parent=self)

    def select(self, row: SoundRow | None) -> None:
        """Show what is said in a sound, if it has a transcript."""
        self._row, self._transcript = row, None
        self._show(())
        if row is None:
            self.runner.cancel()
            return
        self.runner.start(
            lambda: self._workshop.transcript(row.path),
            done=lambda transcript: self._on_read(row, transcript),
            failed=self.failed.emit,
        )

    def use_bundle(self, bundle: str) -> None:
        """Time words by another bundle from now on."""
        self._workshop.use_speech(bundle)
        self.select(self._row)

    def _on_read(self, row: SoundRow, transcript: Transcript | None) -> None:
        self._transcript = transcript
        if transcript is None:
            return
        self._show(transcript.words, pending=not transcript.timed)
        if not transcript.timed:
            self.runner.start(
                lambda: self._workshop.words(
                    row.path, transcript, wanted=lambda: self._transcript is transcript
                ),
                done=self._show,
                failed=lambda error: self._on_untimed(transcript, error),
            )

    def _show(self, words: tuple[TimedWord, ...], *, pending: bool = False) -> None:
        self.words = words
        self._timeline.show_words(words, pending=pending)
        self.changed.emit()

    def _on_untimed(self, transcript: Transcript, error: Exception) -> None:
        self._show(transcript.words)
        self.failed.emit(error)

    def close(self) -> None:
        """Cancel and wait."""
        self._transcript = None
        self.runner.close()
