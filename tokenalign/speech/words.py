"""The words of a transcript: where they stand in it, and when they are said."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RUN = re.compile(r"\S+")
_EDGES = re.compile(r"^\W*|\W*$")


@dataclass(frozen=True)
class Word:
    """One word of a transcript.

    Attributes:
        text: without the punctuation around it.
        start_char: of `text` in the transcript.
        end_char: behind its last character.
        written: with the punctuation around it, as a model reads it.
    """

    text: str
    start_char: int
    end_char: int
    written: str


@dataclass(frozen=True)
class TimedWord:
    """One word of a transcript, and when it is said.

    Attributes:
        text: without the punctuation around it.
        start_char: of `text` in the transcript.
        end_char: behind its last character.
        start_s: seconds from the file's start; None where it has no times: the model has none for
            such a word, or it could not be found. It is never guessed from its neighbours.
        end_s: likewise.
        confidence: from 0 to 1; 0 without times.
    """

    text: str
    start_char: int
    end_char: int
    start_s: float | None
    end_s: float | None
    confidence: float


def split_words(transcript: str) -> tuple[Word, ...]:
    """The words of a transcript: runs between white space that hold a letter or a digit."""
    return tuple(
        word for run in _RUN.finditer(transcript) if (word := _word(run.group(), run.start())).text
    )


def _word(written: str, start: int) -> Word:
    text = _EDGES.sub("", written)
    first = start + written.find(text)
    return Word(text, first, first + len(text), written)
