"""Ends of Ogg streams and promises of MP3 headers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tokenalign.audio.completeness import mp3_kept, ogg_has_its_end

NOISE = 0.1 * np.random.default_rng(0).standard_normal(96_000)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_an_ogg_file_has_its_end_until_a_byte_is_cut_off(
    write: Callable[..., Path], subtype: str
) -> None:
    content = write(NOISE, 48_000, "OGG", subtype).read_bytes()
    assert ogg_has_its_end(io.BytesIO(content))
    for cut in (1, 20, 5_000, len(content) - 30):
        assert not ogg_has_its_end(io.BytesIO(content[:-cut]))
    last_page = content.rfind(b"OggS")
    assert not ogg_has_its_end(io.BytesIO(content[:last_page]))
    assert ogg_has_its_end(io.BytesIO(content + b"a tag behind the end"))


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_an_mp3_file_is_measured_against_its_promise(
    write: Callable[..., Path], fraction: float
) -> None:
    content = write(NOISE, 48_000, "MP3", "MPEG_LAYER_III").read_bytes()
    assert mp3_kept(io.BytesIO(content), 0) == 1.0
    cut = content[: round(fraction * len(content))]
    assert mp3_kept(io.BytesIO(cut), 0) == pytest.approx(fraction, abs=1e-3)
    assert mp3_kept(io.BytesIO(b"tag" + cut), 3) == pytest.approx(fraction, abs=1e-3)


def test_a_frame_count_that_cannot_fit_is_a_promise_not_kept(write: Callable[..., Path]) -> None:
    content = bytearray(write(NOISE, 48_000, "MP3", "MPEG_LAYER_III").read_bytes())
    mark = max(content.find(b"Xing"), content.find(b"Info"))
    content[mark + 8 : mark + 12] = b"\xff\xff\xff\xff"
    assert mp3_kept(io.BytesIO(content), 0) < 1e-5


def test_without_a_promise_nothing_is_missing(write: Callable[..., Path]) -> None:
    content = write(NOISE, 48_000, "MP3", "MPEG_LAYER_III").read_bytes()
    second_frame = content.index(content[:2], 10)
    assert mp3_kept(io.BytesIO(content[second_frame:5000]), 0) == 1.0
