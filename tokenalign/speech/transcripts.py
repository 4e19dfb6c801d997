"""What is said in a sound, as text: from a file beside it, or from its metadata.

A transcript is `NAME.lab` or `NAME.txt` beside `NAME.wav`. Both hold plain words, as forced
aligners take them, or the lines of an HTK label file (Young et al., "The HTK Book", on label
files): start and end in units of 100 ns, and a word. Times that are given are taken as they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.audio.opening import open_regular, os_errors_named
from tokenalign.errors import TokenAlignError
from tokenalign.metadata import metadata_in
from tokenalign.metadata.text import decoded, one_line
from tokenalign.speech.words import TimedWord, Word, split_words

SUFFIXES = (".lab", ".txt")
"""Of transcripts beside sounds; of two, the first counts: it may have times."""

MOST_BYTES = 1 << 20
"""A day of speech; what is longer was written for another purpose."""

FIELD = "Transcript"
"""What metadata calls it, see `tokenalign.metadata.fields`."""

UNITS_PER_S = 10_000_000
SHORTEST_UNITS = 100_000
"""10 ms: numbers that go no further are words themselves ("7 2 9"), not times."""

SILENCES = frozenset({"sil", "sp", "spn", "pau", "<sil>", "<eps>", "<s>", "</s>"})
"""What label files say where nobody speaks, in small letters."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTK_LINE = re.compile(r"(\d{1,18})\s+(\d{1,18})\s+(\S+)(?:\s.*)?")
_AUDACITY_LINE = re.compile(r"\d+[.,]\d+\t\d+[.,]\d+(\t.*)?")


@dataclass(frozen=True)
class Transcript:
    """What is said in a sound.

    Attributes:
        text: on one line, nothing in it that a screen would act on.
        words: of the text, with times where the transcript itself gives them.
    """

    text: str
    words: tuple[TimedWord, ...]

    @property
    def timed(self) -> bool:
        """Whether it gives times."""
        return any(word.start_s is not None for word in self.words)


def transcript_of(sound: Path) -> Transcript | None:
    """The transcript of a sound: the file beside it, else its metadata; None if it has none.

    Raises:
        TokenAlignError: the file beside it is no transcript, or cannot be read.
        AudioFileError: the sound cannot be read.
    """
    beside = file_beside(sound)
    if beside is not None:
        return read_transcript(beside)
    text = dict(metadata_in(sound)).get(FIELD, "")
    return parse_transcript(text) if text else None


def file_beside(sound: Path) -> Path | None:
    """The file with a sound's transcript, if there is one."""
    return next(_files_beside(sound), None)


def texts_beside(sound: Path) -> tuple[Path, ...]:
    """The files of a transcript's name beside a sound that a person may have written.

    All but those that are known to be labels, as exports make them, or empty.
    """
    return tuple(path for path in _files_beside(sound) if not _is_export(path))


def read_transcript(path: Path) -> Transcript:
    """Read a file with a transcript: UTF-8, UTF-16 with its mark, else Windows's Latin letters.

    Raises:
        TokenAlignError: it cannot be read, is no text, too long, or holds no transcript.
    """
    text = _read_text(path)
    if text.strip() and _are_labels(text):
        raise _no_transcript(path, "labels, which may name any sound")
    return parse_transcript(text)


def parse_transcript(text: str) -> Transcript:
    """A transcript from its text: plain words on any lines, or an HTK label file's lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    matches = [match for line in lines if (match := _HTK_LINE.fullmatch(line))]
    if matches and len(matches) == len(lines):
        labels = [(int(match[1]), int(match[2]), one_line(match[3])) for match in matches]
        if _are_times(labels):
            return _timed(labels)
    text = one_line(text)
    return Transcript(text, tuple(map(untimed, split_words(text))))


def untimed(word: Word) -> TimedWord:
    """A word that nobody has timed."""
    return TimedWord(word.text, word.start_char, word.end_char, None, None, 0.0)


def _are_times(labels: Sequence[tuple[int, int, str]]) -> bool:
    """Whether numbers go on from line to line, and far enough."""
    starts = [start for start, _, _ in labels]
    forward = all(start <= end for start, end, _ in labels) and starts == sorted(starts)
    return forward and labels[-1][1] >= SHORTEST_UNITS


def _timed(labels: Sequence[tuple[int, int, str]]) -> Transcript:
    spoken = [
        label
        for label in labels
        if label[2].lower() not in SILENCES and len(split_words(label[2])) == 1
    ]
    text = " ".join(name for _, _, name in spoken)
    return Transcript(
        text,
        tuple(
            TimedWord(
                word.text,
                word.start_char,
                word.end_char,
                start / UNITS_PER_S,
                end / UNITS_PER_S,
                1.0,
            )
            for word, (start, end, _) in zip(split_words(text), spoken, strict=True)
        ),
    )


def _files_beside(sound: Path) -> Iterator[Path]:
    """Those that may hold a sound's transcript; the first counts."""
    for suffix in SUFFIXES:
        for spelled in (suffix, suffix.upper()):
            path = sound.with_suffix(spelled)
            if path.is_file() and path != sound:
                yield path


def _is_export(path: Path) -> bool:
    """Whether nothing but labels is in a file; there are none where nothing was heard."""
    try:
        return _are_labels(_read_text(path))
    except TokenAlignError:  # it cannot be told, or it is a longer text
        return False


def _are_labels(text: str) -> bool:
    """Whether each line that is not blank is one of Audacity's labels."""
    return all(_AUDACITY_LINE.fullmatch(line) for line in text.splitlines() if line.strip())


def _read_text(path: Path) -> str:
    with open_regular(path) as file, os_errors_named(path):
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _no_transcript(path, f"longer than {MOST_BYTES >> 20} MiB")
    text = _text_of(raw)
    if "\0" in text:
        raise _no_transcript(path, "not a text")
    return text


def _text_of(raw: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    return decoded(raw)


def _no_transcript(path: Path, reason: str) -> TokenAlignError:
    return TokenAlignError(
        f"{path}: no transcript: {reason}",
        "A transcript is a text file with the words that are said.",
    )
