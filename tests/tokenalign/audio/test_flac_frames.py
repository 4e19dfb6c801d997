"""Lengths of FLAC files told from their last frame, beside what a decoder reads."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.audio.flac_frames import checksum_8, frame_span, held_samples

TOTAL_SAMPLES = 100_000
STEP_SAMPLES = 32
NOISE = 0.1 * np.random.default_rng(0).standard_normal((TOTAL_SAMPLES, 2))


@pytest.fixture
def content(write: Callable[..., Path]) -> bytes:
    return write(NOISE, 44_100, "FLAC", "PCM_16").read_bytes()


def decoded_samples(content: bytes) -> int:
    """The naive way: read until that fails; the last step may be lost."""
    count = 0
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        try:
            while len(file.read(STEP_SAMPLES)):
                count += STEP_SAMPLES
        except soundfile.SoundFileError:
            return count
    return count


def with_total(content: bytes, total: int) -> bytes:
    changed = bytearray(content)
    fields = int.from_bytes(changed[21:26], "big") >> 36 << 36 | total
    changed[21:26] = fields.to_bytes(5, "big")
    return bytes(changed)


def test_a_whole_file_holds_what_it_promises(content: bytes) -> None:
    assert held_samples(io.BytesIO(content), 0) == TOTAL_SAMPLES
    assert held_samples(io.BytesIO(b"tag" + content), 3) == TOTAL_SAMPLES
    assert held_samples(io.BytesIO(content + b"a tag behind the end"), 0) == TOTAL_SAMPLES


@pytest.mark.parametrize("fraction", [0.05, 0.3, 0.42, 0.7, 0.97])
def test_a_cut_file_holds_what_a_decoder_reads(content: bytes, fraction: float) -> None:
    cut = content[: round(fraction * len(content))]
    held = held_samples(io.BytesIO(cut), 0)
    assert 0 <= held - decoded_samples(cut) <= STEP_SAMPLES
    assert held < TOTAL_SAMPLES


def test_an_unknown_length_is_found(content: bytes) -> None:
    assert held_samples(io.BytesIO(with_total(content, 0)), 0) == TOTAL_SAMPLES


def test_a_length_that_lies_is_not_believed(content: bytes) -> None:
    held = held_samples(io.BytesIO(with_total(content, 2**36 - 1)), 0)
    assert TOTAL_SAMPLES - 4096 <= held <= TOTAL_SAMPLES


def test_a_header_alone_holds_nothing(content: bytes) -> None:
    assert held_samples(io.BytesIO(content[:60]), 0) == 0


def test_frame_headers_by_hand() -> None:
    fixed = bytes.fromhex("fff8c9a8 e08080")  # 4096 samples (code 12), block 0 in three bytes
    # Blocks are numbered: block 3 of 4096 samples.
    header = bytes.fromhex("fff8c9a803")
    assert frame_span(header + bytes([checksum_8(header)]), 4096) == (3 * 4096, 4 * 4096)
    # Samples are numbered: sample 300, coded in two bytes; 1000 samples, written out in two.
    header = bytes.fromhex("fff979a8") + "\u012c".encode() + (999).to_bytes(2, "big")
    assert frame_span(header + bytes([checksum_8(header)]), 4096) == (300, 1300)
    assert frame_span(header + bytes([checksum_8(header) ^ 1]), 4096) is None
    assert frame_span(fixed, 4096) is None


def test_checksum_has_its_published_check_value() -> None:
    assert checksum_8(b"123456789") == 0xF4
