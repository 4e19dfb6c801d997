"""How training varies what it hears: pitch, length, level, colour, room, noise and gaps.

All of it on mel powers [T, F], 10 ms a row. Learning from some twenty recordings a class, an
encoder without this learns them by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tokenalign.audio import FrontEnd


def varied(
    power: NDArray[np.float32], longest: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Stretch in time by up to a quarter, cut to a random part, move by up to three bands, change
    level (±6 dB) and colour.

    Args:
        power: [T, F].
        longest: rows that it is cut to.
        rng: source of all variation.
    """
    stretched = max(1, round(len(power) * float(np.exp(rng.uniform(-0.22, 0.22)))))
    shift_bands = float(rng.uniform(-3.0, 3.0))
    at = np.linspace(0, len(power) - 1, stretched)
    if stretched > longest:
        first = rng.integers(stretched - longest + 1)
        at = at[first : first + longest]
    bands = np.arange(power.shape[1])
    power = _interpolated(_interpolated(power, at).T, bands - shift_bands).T
    knots = np.linspace(0, power.shape[1] - 1, 5)
    colour_db = np.interp(bands, knots, rng.normal(0.0, 5.0, size=len(knots)))
    gain_db = rng.uniform(-6.0, 6.0) + colour_db
    changed: NDArray[np.float32] = power * (10 ** (gain_db / 10)).astype(np.float32)
    return changed


def _interpolated(rows: NDArray[np.float32], at: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Rows at fractional indices, by linear interpolation; outside, the nearest row."""
    at = np.clip(at, 0, len(rows) - 1)
    before = np.floor(at).astype(np.int64)
    after = np.minimum(before + 1, len(rows) - 1)
    share = (at - before).astype(np.float32)[:, None]
    between: NDArray[np.float32] = rows[before] * (1 - share) + rows[after] * share
    return between


def reverberant(power: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Add an exponentially decaying tail (0.2 to 1 s of reverberation time), by FFT over time."""
    decay_frames = rng.uniform(20.0, 100.0)
    frames = np.arange(len(power))
    tail = rng.uniform(0.02, 0.2) * 10 ** (-6.0 * frames / decay_frames)
    tail[0] = 1.0
    size = 2 * len(power)
    spectrum = np.fft.rfft(power, size, axis=0) * np.fft.rfft(tail, size)[:, None]
    wet = np.fft.irfft(spectrum, size, axis=0)[: len(power)]
    return np.maximum(wet, 0.0).astype(np.float32)


def background(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise of random colour, from just audible to nearly nothing under sounds of rms 0.1."""
    level_db = rng.uniform(-50.0, 2.0)
    tilt_db = np.linspace(0.0, rng.uniform(-25.0, 5.0), shape[1])
    speckle = rng.standard_exponential(size=shape, dtype=np.float32)
    noise: NDArray[np.float32] = (speckle * 10 ** ((level_db + tilt_db) / 10)).astype(np.float32)
    return noise


def masked_log_mel(
    powers: Sequence[NDArray[np.float32]], front_end: FrontEnd, rng: np.random.Generator
) -> Tensor:
    """B powers [T, F] to log-mel [B, T, F] with SpecAugment's masks (Park et al. 2019): some bands
    and a short time of each are silent.
    """
    mel = (np.log(np.stack(powers) + front_end.floor) + front_end.offset) / front_end.scale
    for row in mel:
        bands, times = rng.integers(0, 9), rng.integers(0, 21)
        band, time = rng.integers(row.shape[1] - bands), rng.integers(row.shape[0] - times)
        row[:, band : band + bands] = front_end.quiet
        row[time : time + times] = front_end.quiet
    return torch.from_numpy(mel.astype(np.float32))
