"""The words of a sound with their times, from whoever knows them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol

from tokenalign.speech.transcripts import Transcript
from tokenalign.speech.words import TimedWord


class WordAligner(Protocol):
    """What times words: a `tokenalign.speech.Aligner`."""

    @property
    def identity(self) -> str:
        """Changes when other times are to be expected."""
        ...

    def align_file(
        self,
        path: str | os.PathLike[str],
        transcript: str,
        *,
        before_window: Callable[[], object],
    ) -> tuple[TimedWord, ...]:
        """The words of a file's transcript, with times where the model has them."""
        ...


def spoken_words(
    sound: str | os.PathLike[str],
    transcript: Transcript,
    aligner: WordAligner | None,
    *,
    before_window: Callable[[], object] = lambda: None,
) -> tuple[TimedWord, ...]:
    """The words of a transcript: with its own times if it has some, else with the aligner's.

    Args:
        sound: the file.
        transcript: of the sound.
        aligner: asked if the transcript gives no times; None if there is none.
        before_window: called by the aligner now and then; to stop it, let it raise.

    Raises:
        AudioFileError: the sound cannot be used.
    """
    if aligner is None or transcript.timed or not transcript.words:
        return transcript.words
    return aligner.align_file(sound, transcript.text, before_window=before_window)
