"""First bytes and what they say."""

from __future__ import annotations

import pytest

from tokenalign.audio.signatures import container_of, id3_bytes, is_mpeg_audio, looks_like


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        (b"RIFX\0\0\0\x24WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"riff" + bytes(20) + b"wave", "wav"),
        (b"FORM\0\0\0\x24AIFF", "aiff"),
        (b"FORM\0\0\0\x24AIFC", "aiff"),
        (b"fLaC\0\0\0\x22", "flac"),
        (b"OggS\0\x02", "ogg"),
        (b"\0\0\0\x20ftypM4A ", "m4a"),
        (b"\xff\xfb\x90\xc4", "mp3"),
        (b"\xff\xf3\x40\xc4", "mp3"),  # MPEG 2
        (b"RIFF\x24\0\0\0AVI LIST", ""),
        (b"FORM\0\0\0\x248SVX", ""),
        (b"\xff\xf1\x50\x80", ""),  # AAC: layer 0
        (b"\xff\xfb\xf0\xc4", ""),  # a bit rate that does not exist
        (b"\xff", ""),
        (b"", ""),
    ],
)
def test_container_by_content(head: bytes, container: str) -> None:
    assert container_of(head) == container


@pytest.mark.parametrize(
    ("head", "guess"),
    [
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "WMA"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"RIFF\x24\0\0\0AVI LIST", "AVI video"),
        (b"\xff\xf1\x50\x80", "AAC"),
        (b"Just words,\nin lines.\n", "text"),
        (b"\x00\x01\x02\x03", ""),
        (b"", ""),
    ],
)
def test_guess_at_what_is_not_read(head: bytes, guess: str) -> None:
    assert looks_like(head) == guess


def test_id3_length_has_seven_bits_a_byte() -> None:
    assert id3_bytes(b"ID3\x04\x00\x00\x00\x00\x02\x01") == 10 + 2 * 128 + 1
    assert id3_bytes(b"ID3\x04\x00") == 0
    assert id3_bytes(b"RIFF\x24\0\0\0WAVE") == 0


def test_noise_is_rarely_taken_for_mpeg() -> None:
    assert not is_mpeg_audio(b"\xff\xff\xff\xff")
    assert not is_mpeg_audio(b"\xff\xeb\x90\x00")  # a version that does not exist
    assert not is_mpeg_audio(b"\xff\xfb\x9c\x00")  # a sample rate that does not exist
