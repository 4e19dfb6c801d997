"""Damage to files, as a fuzzer does it: bits flipped all over, or a piece cut out."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import soundfile

FORMATS = (
    ("wav", "WAV", "PCM_16"),
    ("wav", "WAVEX", "FLOAT"),
    ("aiff", "AIFF", "PCM_24"),
    ("flac", "FLAC", "PCM_16"),
    ("ogg", "OGG", "VORBIS"),
    ("opus", "OGG", "OPUS"),
    ("mp3", "MP3", "MPEG_LAYER_III"),
)
HEADER_BYTES = 200


def write_originals(folder: Path) -> list[Path]:
    """A fifth of a second of noise in each format."""
    noise = 0.1 * np.random.default_rng(0).standard_normal((9_600, 2))
    paths = []
    for number, (suffix, container, subtype) in enumerate(FORMATS):
        paths.append(folder / f"{number}.{suffix}")
        soundfile.write(paths[-1], noise, 48_000, subtype=subtype, format=container)
    return paths


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The content with bits flipped, one in 10,000 to one in 100, or with a piece missing."""
    kind = dice.random()
    if kind < 0.15:
        start = dice.randrange(len(content))
        return content[:start] + content[start + dice.randrange(1, 2_000) :]
    reach = HEADER_BYTES if kind < 0.55 else len(content)
    flips = max(1, round(reach * 8 * 10 ** dice.uniform(-4, -2)))
    changed = bytearray(content)
    for _ in range(flips):
        changed[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    return bytes(changed)
