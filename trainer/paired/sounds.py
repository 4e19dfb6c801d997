"""Clips as an encoder hears them: decoded, cropped and padded.

Shapes: B clips, S samples.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tokenalign.audio import probe, read_mono, read_region, to_mono
from tokenalign.clip import FloatArray
from tokenalign.errors import AudioFileError
from trainer.datasets import CaptionedClip

READERS = min(16, os.cpu_count() or 1)
"""Threads that decode files: more is not faster, as resampling takes all of a core."""

EDGE_S = 1
"""Decoded before and behind a crop, for what the resampler makes of a border."""


@dataclass(frozen=True)
class Sound:
    """One clip as it is heard in one epoch.

    Attributes:
        samples: [S]; one second of silence when the file could not be read.
        start_s: where in the file they begin.
        problem: why the file could not be read, with its name; "" when it could.
    """

    samples: Tensor
    start_s: float = 0.0
    problem: str = ""


def read_crop(
    clip: CaptionedClip, sample_rate: int, longest_s: float, *, place: float = 0.0
) -> Sound:
    """Read a clip; of a longer one, the crop that begins at `place` (0 start, 1 end) of the rest.

    Of a long file only the crop is decoded. A file that cannot be read, or holds nothing, gives a
    `Sound` with a problem.
    """
    try:
        samples, start = _crop(clip.path, sample_rate, round(longest_s * sample_rate), place)
        if not len(samples):
            raise AudioFileError(str(clip.path), "holds no sound")
    except AudioFileError as error:
        return Sound(torch.zeros(sample_rate), problem=f"{clip.id}: {error.message}")
    return Sound(torch.from_numpy(samples), start / sample_rate)


def _crop(path: Path, sample_rate: int, longest: int, place: float) -> tuple[FloatArray, int]:
    """At most `longest` samples [S], and the place of the first of them in the file."""
    held = int(probe(path).duration_s * sample_rate)
    if held > longest:
        start = _start(held, longest, place)
        samples = _region(path, sample_rate, start, longest)
        if len(samples) == longest:
            return samples, start
    # It is short, or damaged before the crop's end: what can be decoded decides.
    whole = read_mono(path, sample_rate=sample_rate)
    start = _start(len(whole), longest, place)
    return whole[start : start + longest], start


def _start(held: int, longest: int, place: float) -> int:
    rest = max(0, held - longest)
    return min(int(place * (rest + 1)), rest)


def _region(path: Path, sample_rate: int, start: int, longest: int) -> FloatArray:
    """Samples as the whole file, resampled, has them from `start` on.

    It begins to decode on a whole second, which is a sample at either rate.
    """
    first_s = max(0, start // sample_rate - EDGE_S)
    last_s = -(-(start + longest) // sample_rate) + EDGE_S
    samples, rate = read_region(path, start_s=first_s, end_s=last_s)
    if not len(samples):
        return np.empty(0, np.float32)
    skipped = start - first_s * sample_rate
    return to_mono(samples, rate, target_rate=sample_rate)[skipped : skipped + longest]


def pad(sounds: Sequence[Sound], sample_rate: int) -> tuple[Tensor, Tensor]:
    """Waveforms [B, S] of the longest's length, and lengths [B] in seconds."""
    lengths = [len(sound.samples) for sound in sounds]
    waveform = torch.zeros(len(sounds), max(lengths))
    for row, sound in zip(waveform, sounds, strict=True):
        row[: len(sound.samples)] = sound.samples
    return waveform, torch.tensor(lengths, dtype=torch.float64) / sample_rate
