"""Times come from the transcript itself, then from an aligner, and are never guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tokenalign.speech import TimedWord
from tokenalign.speech.spoken import spoken_words
from tokenalign.speech.transcripts import parse_transcript

SOUND = Path("talk.wav")


class Shouting:
    """Says every word at once; notes what it was asked."""

    identity = "shouting"

    def __init__(self) -> None:
        self.asked: list[object] = []

    def align_file(
        self, path: object, transcript: str, *, before_window: Callable[[], object]
    ) -> tuple[TimedWord, ...]:
        before_window()
        self.asked.append((path, transcript))
        return (TimedWord(transcript, 0, len(transcript), 0.0, 1.0, 1.0),)


def test_an_aligner_times_what_has_no_times() -> None:
    aligner, called = Shouting(), list[str]()
    words = spoken_words(
        SOUND, parse_transcript("hey\nyou"), aligner, before_window=lambda: called.append("now")
    )

    assert [(word.text, word.start_s) for word in words] == [("hey you", 0.0)]
    assert aligner.asked == [(SOUND, "hey you")]
    assert called == ["now"]


def test_given_times_are_taken_as_they_are() -> None:
    aligner = Shouting()
    given = parse_transcript("0 4000000 hey")

    assert spoken_words(SOUND, given, aligner) == given.words
    assert spoken_words(SOUND, parse_transcript(" … "), aligner) == ()
    assert aligner.asked == []


def test_without_an_aligner_words_have_no_times() -> None:
    assert [word.start_s for word in spoken_words(SOUND, parse_transcript("hey"), None)] == [None]
