"""What is told of a file without decoding it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokenalign.audio import AudioInfo, probe
from tokenalign.errors import AudioFileError

NOISE = 0.1 * np.random.default_rng(0).standard_normal((160_000, 2))


def test_every_format_tells_its_numbers(written: Any) -> None:
    info = probe(written.path)
    assert info.duration_s == pytest.approx(1.5, abs=1e-3)
    assert info == AudioInfo(
        path=written.path,
        container=written.container,
        subtype=written.subtype,
        sample_rate=written.sample_rate,
        channels=2,
        duration_s=info.duration_s,
        problem="",
    )


@pytest.mark.parametrize(
    ("format", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("RF64", "PCM_24"),
        ("W64", "PCM_16"),
        ("AIFF", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
def test_a_cut_file_says_what_is_missing(
    write: Callable[..., Path], format: str, subtype: str
) -> None:
    path = write(NOISE, 16_000, format, subtype)
    content = path.read_bytes()
    path.write_bytes(content[: round(0.42 * len(content))])
    info = probe(path)
    assert info.duration_s == pytest.approx(4.2, abs=0.2)
    held = f"the file holds {info.duration_s:.1f} s"
    assert info.problem == f"truncated: header promises 10.0 s, {held}"


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_a_cut_ogg_file_lacks_its_end(write: Callable[..., Path], subtype: str) -> None:
    path = write(NOISE, 16_000, "OGG", subtype)
    content = path.read_bytes()
    path.write_bytes(content[: round(0.6 * len(content))])
    info = probe(path)
    assert info.problem == f"truncated: no end mark, the file holds {info.duration_s:.1f} s"
    assert 4.0 < info.duration_s < 6.0


@pytest.mark.parametrize(("missing_bytes", "told"), [(8, False), (44, False), (20_000, True)])
def test_sizes_a_few_bytes_off_are_no_problem(
    write: Callable[..., Path], missing_bytes: int, told: bool
) -> None:
    path = write(NOISE, 16_000, "WAV", "PCM_16")
    path.write_bytes(path.read_bytes()[:-missing_bytes])
    assert bool(probe(path).problem) == told


@pytest.mark.parametrize("size", [b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_a_streams_unknown_size_is_no_problem(write: Callable[..., Path], size: bytes) -> None:
    path = write(NOISE, 16_000, "WAV", "PCM_16")
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = size
    path.write_bytes(content)
    info = probe(path)
    assert (info.duration_s, info.problem) == (10.0, "")


@pytest.mark.parametrize(
    ("format", "last_of_header", "more_bytes"),
    [("WAV", b"data", 4), ("AIFF", b"SSND", 12), ("FLAC", b"\xff\xf8", -2)],
)
def test_a_header_alone_is_no_audio(
    write: Callable[..., Path], format: str, last_of_header: bytes, more_bytes: int
) -> None:
    path = write(NOISE, 16_000, format, "PCM_16")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(last_of_header) + len(last_of_header) + more_bytes])
    with pytest.raises(AudioFileError) as caught:
        probe(path)
    assert caught.value.reason == "no audio in it, only a header"


def test_an_empty_recording_is_no_audio(write: Callable[..., Path]) -> None:
    with pytest.raises(AudioFileError, match="no audio in it"):
        probe(write(np.zeros(0), 16_000, "WAV", "PCM_16"))
