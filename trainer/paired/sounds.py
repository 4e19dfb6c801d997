"""Clips as an encoder hears them: decoded, cropped and padded.

Shapes: B clips, S samples.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tokenalign.audio import read_mono
from tokenalign.errors import AudioFileError
from trainer.datasets import CaptionedClip

READERS = min(16, os.cpu_count() or 1)
"""Threads that decode files: more is not faster, as resampling takes all of a core."""


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

    A file that cannot be read, or holds nothing, gives a `Sound` with a problem.
    """
    try:
        samples = read_mono(clip.path, sample_rate=sample_rate)
        if not len(samples):
            raise AudioFileError(str(clip.path), "holds no sound")
    except AudioFileError as error:
        return Sound(torch.zeros(sample_rate), problem=f"{clip.id}: {error.message}")
    longest = round(longest_s * sample_rate)
    start = int(place * max(0, len(samples) - longest + 1))
    start = min(start, max(0, len(samples) - longest))
    return Sound(torch.from_numpy(samples[start : start + longest]), start / sample_rate)


def pad(sounds: Sequence[Sound], sample_rate: int) -> tuple[Tensor, Tensor]:
    """Waveforms [B, S] of the longest's length, and lengths [B] in seconds."""
    lengths = [len(sound.samples) for sound in sounds]
    waveform = torch.zeros(len(sounds), max(lengths))
    for row, sound in zip(waveform, sounds, strict=True):
        row[: len(sound.samples)] = sound.samples
    return waveform, torch.tensor(lengths, dtype=torch.float64) / sample_rate
