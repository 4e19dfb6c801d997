"""Random damage to small files of every kind, in another process: a decoder may not survive it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tokenalign.audio.m4a_files import IN_FRAGMENTS, TABLE_IN_FRONT, write_m4a

MUTATIONS = 200
NOISE = 0.1 * np.random.default_rng(0).standard_normal(6_000)

READ_MUTATIONS = """
import sys
from pathlib import Path
import numpy as np
from tokenalign.audio import probe, read_region, stream_mono
from tokenalign.errors import AudioFileError

def mutated(content, random):
    content = bytearray(content)
    kind = random.integers(4)
    if kind == 0:  # single bytes, most of them in the header
        reach = len(content) if random.random() < 0.3 else 100
        for at in random.integers(0, reach, random.integers(1, 8)):
            content[at] = random.integers(256)
    elif kind == 1:  # the end is missing
        del content[random.integers(len(content)) :]
    elif kind == 2:  # a hole in the middle
        start = random.integers(len(content))
        del content[start : start + random.integers(1, 2000)]
    else:  # a stretch of noise
        start, size = random.integers(len(content)), random.integers(1, 500)
        content[start : start + size] = random.bytes(size)
    return bytes(content)

content, target = Path(sys.argv[1]).read_bytes(), Path(sys.argv[1] + "-mutated")
random = np.random.default_rng(7)
outcomes = {"read": 0, "refused": 0}
for _ in range(int(sys.argv[2])):
    target.write_bytes(mutated(content, random))
    for use in (
        lambda: [probe(target).problem],
        lambda: [read_region(target, start_s=0.1, end_s=0.2)[0]],
        lambda: stream_mono(target, sample_rate=32000),
    ):
        try:
            for block in use():
                assert isinstance(block, str) or np.isfinite(block).all()
            outcomes["read"] += 1
        except AudioFileError as error:
            assert error.reason
            outcomes["refused"] += 1
print(outcomes["read"], outcomes["refused"])
"""


@pytest.mark.parametrize(
    ("format", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("WAVEX", "FLOAT"),
        ("AIFF", "PCM_24"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
def test_damage_gives_a_reason_or_finite_samples(
    write: Callable[..., Path], run_python: Callable[..., str], format: str, subtype: str
) -> None:
    path = write(NOISE, 16_000, format, subtype)
    read, refused = map(int, run_python(READ_MUTATIONS, path, MUTATIONS).split())
    assert read + refused == 3 * MUTATIONS
    assert read > 50  # the damage is mostly mild enough to reach the decoder
    assert refused > 20


@pytest.mark.parametrize(
    ("samples", "options"),
    [
        (NOISE, TABLE_IN_FRONT),
        (NOISE, IN_FRAGMENTS),
        (np.round(NOISE * 2**15).astype(np.int16), TABLE_IN_FRONT),
    ],
)
def test_damage_to_m4a_gives_a_reason_or_finite_samples(
    tmp_path: Path,
    run_python: Callable[..., str],
    samples: NDArray[Any],
    options: dict[str, str],
) -> None:
    path = write_m4a(tmp_path / "memo", samples, 16_000, container="mp4", options=options)
    read, refused = map(int, run_python(READ_MUTATIONS, path, MUTATIONS).split())
    assert read + refused == 3 * MUTATIONS
    assert read > 50
    assert refused > 20
