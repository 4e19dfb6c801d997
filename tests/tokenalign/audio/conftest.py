"""Generated sounds in every format that is read, and a second interpreter for what may hang."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

FORMATS = [
    ("WAV", "PCM_U8", "wav"),
    ("WAV", "PCM_16", "wav"),
    ("WAV", "PCM_24", "wav"),
    ("WAV", "PCM_32", "wav"),
    ("WAV", "FLOAT", "wav"),
    ("WAV", "DOUBLE", "wav"),
    ("WAV", "ULAW", "wav"),
    ("WAVEX", "PCM_24", "wav"),
    ("RF64", "PCM_16", "wav"),
    ("W64", "PCM_16", "wav"),
    ("AIFF", "PCM_16", "aiff"),
    ("AIFF", "FLOAT", "aiff"),
    ("FLAC", "PCM_16", "flac"),
    ("FLAC", "PCM_24", "flac"),
    ("OGG", "VORBIS", "ogg"),
    ("OGG", "OPUS", "ogg"),
    ("MP3", "MPEG_LAYER_III", "mp3"),
]


@dataclass(frozen=True)
class Written:
    """A file and what was written into it."""

    path: Path
    container: str
    subtype: str
    samples: NDArray[np.float64]
    sample_rate: int


def chord(duration_s: float, sample_rate: int) -> NDArray[np.float64]:
    """Tones between 100 Hz and 12 kHz, the same air pressure at any rate, [S]."""
    time_s = np.arange(round(duration_s * sample_rate)) / sample_rate
    phases = np.random.default_rng(5).uniform(0, 2 * np.pi, 40)
    tones = [
        np.sin(2 * np.pi * hz * time_s + phase)
        for hz, phase in zip(np.geomspace(100, 12_000, 40), phases, strict=True)
    ]
    return np.asarray(np.mean(tones, axis=0))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write samples into a file of a name that says nothing of its format."""

    def write_sound(
        samples: NDArray[np.float64], sample_rate: int, format: str, subtype: str
    ) -> Path:
        path = tmp_path / f"{format}-{subtype}"
        soundfile.write(path, samples, sample_rate, format=format, subtype=subtype)
        return path

    return write_sound


@pytest.fixture(params=FORMATS, ids=lambda names: "-".join(names[:2]))
def written(request: pytest.FixtureRequest, write: Callable[..., Path]) -> Written:
    """One and a half seconds of stereo in each format that is read."""
    format, subtype, container = request.param
    sample_rate = 48_000 if subtype == "OPUS" else 44_100
    left = chord(1.5, sample_rate)
    samples = np.stack([left, 0.5 * left], axis=1)
    path = write(samples, sample_rate, format, subtype)
    return Written(path, container, subtype, samples, sample_rate)


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Run code in another interpreter, for at most five minutes; give what it prints."""

    def run(code: str, *arguments: object) -> str:
        child = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert child.returncode == 0, child.stderr
        return child.stdout

    return run
