"""What the terminal says of words: a line for each, unless none of them has a time."""

from __future__ import annotations

from pathlib import Path

from app.terminal.results import grounding_lines
from tokenalign.grounding import ungrounded
from tokenalign.speech import TimedWord

SEVEN = TimedWord("seven", 0, 5, 0.5, 1.25, 0.75)
ZORP = TimedWord("zorp", 6, 10, None, None, 0.0)


def lines(*words: TimedWord) -> list[str]:
    told = grounding_lines(ungrounded(2.0), Path("talk.wav"), width=80, words=words)
    return [" ".join(str(line).split()) for line in told]


def test_each_word_has_a_line_with_its_times_or_without() -> None:
    assert lines(SEVEN, ZORP)[-2:] == ["0.50–1.25 s 0.75 seven", "no span zorp"]


def test_words_of_which_none_has_a_time_are_only_counted() -> None:
    told = lines(ZORP, ZORP)

    assert any(line.startswith("words") and line.endswith("0 of 2") for line in told)
    assert not any("zorp" in line for line in told)
