"""Chunks built by hand: sizes that lie, sizes that are unknown, codecs that are not read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tokenalign.audio.chunks import MOST_CHUNKS, Chunk, inner_chunks, read_payload
from tokenalign.audio.codec import refused_in_aiff, refused_in_wav


def chunk(name: bytes, content: bytes, size: int | None = None) -> bytes:
    written = len(content) if size is None else size
    return name + written.to_bytes(4, "little") + content + bytes(len(content) % 2)


def wav(*chunks: bytes, size: int | None = None) -> bytes:
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks), size)


FMT = chunk(b"fmt ", bytes.fromhex("0100 0100 44ac0000 88580100 0200 1000"))


@pytest.mark.parametrize(
    ("promised", "kept"),
    [(400, 1.0), (1600, 0.25), (4_000_000_000, 1e-7), (0, 1.0), (2**32 - 1, 1.0)],
)
def test_kept_is_held_over_promised(promised: int, kept: float) -> None:
    content = wav(FMT, chunk(b"LIST", b"odd"), chunk(b"data", bytes(400), promised))
    assert read_payload(io.BytesIO(content), 0).kept == pytest.approx(kept)


def test_a_tag_before_the_file_does_not_count() -> None:
    content = b"x" * 33 + wav(FMT, chunk(b"data", bytes(300), 400))
    assert read_payload(io.BytesIO(content), 33).kept == 0.75


@pytest.mark.parametrize("format", ["WAV", "WAVEX", "RF64", "W64", "AIFF"])
def test_every_chunked_format_shows_what_is_cut_off(
    write: Callable[..., Path], format: str
) -> None:
    content = write(np.zeros(100_000), 44_100, format, "PCM_16").read_bytes()
    assert read_payload(io.BytesIO(content), 0).kept == 1.0
    assert read_payload(io.BytesIO(content[:-100_000]), 0).kept == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("outer_size", [0, 36, 2**32 - 1])
def test_a_recording_that_was_never_closed_is_recognised(outer_size: int) -> None:
    content = wav(FMT, chunk(b"data", bytes(400), 0), size=outer_size)
    assert read_payload(io.BytesIO(content), 0).zero_size_at == content.index(b"data") + 4


def test_an_empty_recording_with_chunks_behind_it_was_closed() -> None:
    content = wav(FMT, chunk(b"data", b""), chunk(b"LIST", bytes(400)))
    assert read_payload(io.BytesIO(content), 0).zero_size_at == -1


def test_millions_of_empty_chunks_are_not_all_looked_at() -> None:
    class Counting(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            return super().read(size)

    file = Counting(wav(chunk(b"junk", b"") * (3 * MOST_CHUNKS)))
    read_payload(file, 0)
    assert file.reads < MOST_CHUNKS + 10


@pytest.mark.parametrize("content", [b"", b"RI", b"fLaC and more"])
def test_a_file_that_has_become_another_one_is_not_read(content: bytes) -> None:
    for read in (inner_chunks, read_payload):
        with pytest.raises(OSError, match="changed meanwhile"):
            read(io.BytesIO(content), 0)


def test_wave64_sizes_of_64_bits_do_not_overflow() -> None:
    fmt = b"fmt " + bytes(12) + (24 + 2**64 - 64).to_bytes(8, "little")
    content = b"riff" + bytes(20) + b"wave" + bytes(12) + fmt
    assert read_payload(io.BytesIO(content), 0).kept == 1.0


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("0100", ""),
        ("0300", ""),
        ("5500", ""),
        ("0200", "Microsoft ADPCM"),
        ("1100", "IMA ADPCM"),
        ("3412", "WAV codec 0x1234"),
    ],
)
def test_wav_codecs(start: str, name: str) -> None:
    assert refused_in_wav(bytes.fromhex(start) + bytes(14), "little") == name


def test_an_extensible_header_names_its_codec_further_behind() -> None:
    head = bytes.fromhex("feff") + bytes(22)
    assert refused_in_wav(head + b"\x01\x00", "little") == ""
    assert refused_in_wav(head + b"\x11\x00", "little") == "IMA ADPCM"


def test_aiff_codecs() -> None:
    assert refused_in_aiff(bytes(18)) == ""
    assert refused_in_aiff(bytes(18) + b"sowt") == ""
    assert refused_in_aiff(bytes(18) + b"ima4") == "IMA ADPCM"
    assert refused_in_aiff(bytes(18) + b"QDMC") == "AIFF codec b'QDMC'"


def test_inner_chunks_are_named_with_their_places() -> None:
    content = b"x" * 7 + wav(FMT, chunk(b"LIST", b"odd"), chunk(b"data", bytes(6)))
    assert list(inner_chunks(io.BytesIO(content), 7)) == [
        (b"fmt ", Chunk(7 + 20, 16)),
        (b"LIST", Chunk(7 + 44, 3)),
        (b"data", Chunk(7 + 56, 6)),
    ]


def test_the_chunks_behind_the_samples_of_rf64_are_found() -> None:
    sizes = chunk(b"ds64", (100).to_bytes(8, "little") + (6).to_bytes(8, "little") + bytes(12))
    data = chunk(b"data", bytes(6), 0xFFFFFFFF)
    content = b"RF64" + wav(sizes, FMT, data, chunk(b"bext", b"text"))[4:]
    found = dict(inner_chunks(io.BytesIO(content), 0))
    assert found[b"data"].size == 6
    assert found[b"bext"] == Chunk(len(content) - 4, 4)
