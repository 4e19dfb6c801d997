"""Transcripts are found beside sounds and in them, whatever they are encoded in."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.errors import TokenAlignError
from tokenalign.speech.transcripts import (
    MOST_BYTES,
    file_beside,
    parse_transcript,
    read_transcript,
    transcript_of,
)


def _said(text: str) -> list[tuple[str, float | None, float | None]]:
    return [(word.text, word.start_s, word.end_s) for word in parse_transcript(text).words]


def _sound(path: Path, *, lyrics: str = "") -> Path:
    """A tenth of a second of silence, as WAV, with an iXML chunk that holds the words."""
    soundfile.write(path, np.zeros(1600), 16_000)
    if lyrics:
        ixml = (
            f"<BWFXML><ASWG><text>{lyrics}</text></ASWG></BWFXML>".encode().ljust(64)  # even
        )
        ixml += b" " * (len(ixml) % 2)
        raw = path.read_bytes() + b"iXML" + struct.pack("<I", len(ixml)) + ixml
        path.write_bytes(raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:])
    return path


def _text_of(sound: Path) -> str:
    transcript = transcript_of(sound)
    return transcript.text if transcript else ""


def test_plain_words_stand_where_they_stand_in_the_text() -> None:
    transcript = parse_transcript(" Seven,\n  two…\r\ndon't! ")
    assert transcript.text == "Seven, two… don't!"
    assert [word.text for word in transcript.words] == ["Seven", "two", "don't"]
    for word in transcript.words:
        assert transcript.text[word.start_char : word.end_char] == word.text
    assert not transcript.timed
    assert {(word.start_s, word.confidence) for word in transcript.words} == {(None, 0.0)}


def test_a_label_file_gives_times_in_units_of_100_ns() -> None:
    text = "0 1500000 sil\n1500000 4000000 seven -71.5\n\n4000000 4000000 sp\n4000000 9000000 two\n"
    assert _said(text) == [("seven", 0.15, 0.4), ("two", 0.4, 0.9)]
    transcript = parse_transcript(text)
    assert transcript.text == "seven two"
    assert transcript.timed
    assert [word.confidence for word in transcript.words] == [1.0, 1.0]


@pytest.mark.parametrize(
    "text",
    [
        "7 2 9",  # words that are numbers
        "0 4000000 seven\nand then",  # one line has none
        "4000000 9000000 two\n0 4000000 seven",  # time goes back
        "4000000 100 two",
    ],
)
def test_numbers_that_are_no_times_are_words(text: str) -> None:
    assert not parse_transcript(text).timed
    assert parse_transcript(text).text == " ".join(text.split())


def test_nothing_in_a_transcript_acts_on_a_screen() -> None:
    hostile = "red \x1b[31malert\x07 \u202eevil\u202c a\x85b"
    assert parse_transcript(hostile).text == "red [31malert evil a b"


@pytest.mark.parametrize(
    "raw",
    [
        "Grüße, Zoë".encode(),
        "Grüße, Zoë".encode("utf-8-sig"),
        "Grüße, Zoë".encode("utf-16"),
        b"\xfe\xff" + "Grüße, Zoë".encode("utf-16-be"),
        "Grüße, Zoë".encode("latin-1"),
    ],
)
def test_encodings_are_told_apart(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "greeting.txt"
    path.write_bytes(raw)
    assert [word.text for word in read_transcript(path).words] == ["Grüße", "Zoë"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"a" * (MOST_BYTES + 1), "longer than 1 MiB"),
        (b"RIFF\0\0\0\0WAVE", "not a text"),
        (b"0.500000\t1.250000\tdog barks\n2.000000\t2.500000\tdog barks\n", "labels"),
    ],
)
def test_what_is_no_transcript_says_why(raw: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "dog.txt"
    path.write_bytes(raw)
    with pytest.raises(TokenAlignError, match=reason) as error:
        read_transcript(path)
    assert str(path) in error.value.message


def test_a_pipe_beside_a_sound_is_no_transcript(tmp_path: Path) -> None:
    sound = _sound(tmp_path / "talk.wav")
    os.mkfifo(tmp_path / "talk.txt")
    assert file_beside(sound) is None
    with pytest.raises(TokenAlignError, match="named pipe"):
        read_transcript(tmp_path / "talk.txt")


def test_the_label_file_comes_before_the_text_and_both_before_the_metadata(tmp_path: Path) -> None:
    sound = _sound(tmp_path / "talk.wav", lyrics="from inside")
    (tmp_path / "talk.wav.txt").write_text("another file's")
    assert _text_of(sound) == "from inside"
    (tmp_path / "talk.TXT").write_text("from the text")
    assert _text_of(sound) == "from the text"
    (tmp_path / "talk.lab").write_text("from the labels")
    assert _text_of(sound) == "from the labels"


def test_a_sound_without_words_has_no_transcript(tmp_path: Path) -> None:
    assert transcript_of(_sound(tmp_path / "rain.wav")) is None
