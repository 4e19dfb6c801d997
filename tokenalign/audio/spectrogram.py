"""The spectrogram of a stretch of a file, for drawing: levels by mel band and time.

Shapes: F bands, T columns, K windows, W samples of a window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio.decoding import decoded_blocks
from tokenalign.audio.frontend import hz_to_mel, mel_to_hz, periodic_hann
from tokenalign.audio.mono import mixed_down
from tokenalign.audio.opening import Sound, open_sound

FloatArray = NDArray[np.float32]

BANDS = 128
LOW_HZ, HIGH_HZ = 30.0, 20_000.0
WINDOW_S = 0.04
WINDOWS_PER_COLUMN = 8
"""At most: a longer column is judged by its middle, so that hours cost no more than minutes."""

FINEST_STEP = 16
"""Columns are not nearer to each other than this part of a window: they would look the same."""

FLOOR_DB = -120.0
MOST_SAMPLES_AT_ONCE = 1 << 19


@dataclass(frozen=True)
class Spectrogram:
    """Levels by frequency and time.

    Attributes:
        levels_db: [F, T], lowest band first; 0 is a sine at full scale, -120 the least.
        start_s: where the first column begins.
        end_s: where the last column ends.
        low_hz: where the lowest band begins.
        high_hz: where the highest band ends; bands are equally wide in mel.
    """

    levels_db: FloatArray
    start_s: float
    end_s: float
    low_hz: float
    high_hz: float

    def height_of(self, frequency_hz: float) -> float:
        """Where a frequency stands between the lowest edge (0) and the highest (1)."""
        low, high = hz_to_mel(self.low_hz), hz_to_mel(self.high_hz)
        return (hz_to_mel(frequency_hz) - low) / (high - low)


@dataclass(frozen=True)
class _Plan:
    """Which windows are looked at.

    Attributes:
        window: W.
        starts: [T, K] first sample of each window; may lie outside the file.
    """

    window: int
    starts: NDArray[np.int64]


def spectrogram(path: Path, *, start_s: float, end_s: float, columns: int) -> Spectrogram:
    """Levels between two times in `columns` columns at most; silence outside the file.

    A column shows the highest level of up to `WINDOWS_PER_COLUMN` windows spread over it; no more
    of the file is read. Channels are averaged.

    Raises:
        AudioFileError: the file cannot be used, or samples are not finite.
    """
    with open_sound(path) as sound:
        rate = sound.decoder.samplerate
        high_hz = min(HIGH_HZ, rate / 2)
        plan = _plan(start_s * rate, end_s * rate, columns, _window_samples(rate))
        bands = _Bands(window=plan.window, rate=rate, high_hz=high_hz)
        pieces = [bands.levels_db(windows) for windows in _windows(path, sound, plan)]
    nothing = np.empty((0, BANDS), dtype=np.float32)
    levels_db: FloatArray = np.concatenate([nothing, *pieces]).T
    return Spectrogram(levels_db, start_s, end_s, LOW_HZ, high_hz)


def _window_samples(rate: int) -> int:
    """The power of two that is nearest to `WINDOW_S`."""
    return int(2 ** np.round(np.log2(WINDOW_S * rate)))


def _plan(start: float, end: float, columns: int, window: int) -> _Plan:
    """Windows for the samples from `start` to `end`."""
    span = max(0.0, end - start)
    columns = min(columns, int(np.ceil(span * FINEST_STEP / window)))
    if columns < 1:
        return _Plan(window, np.empty((0, 1), np.int64))
    column = span / columns
    count = int(np.clip(round(column / (window / 2)), 1, WINDOWS_PER_COLUMN))
    step = min(column / count, window / 2)
    centres = start + column * (np.arange(columns) + 0.5)
    around = step * (np.arange(count) - (count - 1) / 2) - window / 2
    return _Plan(window, np.round(centres[:, None] + around).astype(np.int64))


def _windows(path: Path, sound: Sound, plan: _Plan) -> Iterator[FloatArray]:
    """Windows [T_i, K, W] of columns that are read together."""
    for columns in _runs(plan):
        starts = plan.starts[columns]
        first, end = int(starts[0, 0]), int(starts[-1, -1]) + plan.window
        samples = _samples(path, sound, first, end)
        yield samples[(starts - first)[:, :, None] + np.arange(plan.window)]


def _runs(plan: _Plan) -> Iterator[slice]:
    """Columns in a row: a new run begins after a gap worth a seek, or when one grows too long."""
    begin = 0
    for column in range(1, len(plan.starts) + 1):
        if column < len(plan.starts):
            end = int(plan.starts[column - 1, -1]) + plan.window
            near = plan.starts[column, 0] - end < plan.window
            held = (column - begin) * plan.starts.shape[1] * plan.window
            if near and held < MOST_SAMPLES_AT_ONCE:
                continue
        yield slice(begin, column)
        begin = column


def _samples(path: Path, sound: Sound, start: int, end: int) -> FloatArray:
    """Samples [end - start] of the mixed channels; zeros outside the file or behind damage."""
    samples = np.zeros(end - start, dtype=np.float32)
    position = max(0, -start)
    for block in decoded_blocks(
        path,
        sound.decoder,
        most_samples=MOST_SAMPLES_AT_ONCE,
        start=max(0, start),
        end=max(0, end),
    ):
        samples[position : position + len(block)] = mixed_down(block)
        position += len(block)
    return samples


class _Bands:
    """Windows to levels in bands that are equally wide in mel.

    A band shows its highest bin; one that is narrower than the bins are apart, the straight line
    between the two around its centre.
    """

    def __init__(self, *, window: int, rate: int, high_hz: float) -> None:
        edges = (
            mel_to_hz(np.linspace(hz_to_mel(LOW_HZ), hz_to_mel(high_hz), BANDS * 2 + 1))
            * window
            / rate
        )
        low, centres, high = edges[:-1:2], edges[1::2], edges[2::2]
        self._shape = periodic_hann(window)
        # The two sides of a sine's spectrum together have its amplitude.
        self._scale = np.float32(2 / self._shape.sum())
        self._below = np.minimum(centres.astype(np.int64), window // 2 - 1)
        self._share = (centres - self._below).astype(np.float32)
        self._first = np.ceil(low).astype(np.int64)
        self._end = int(np.ceil(high[-1]))
        self._wide = np.flatnonzero(np.ceil(high) > self._first)

    def levels_db(self, windows: FloatArray) -> FloatArray:
        """Levels [T, F] of windows [T, K, W]; each bin counts where it is highest."""
        spectrum = np.fft.rfft(windows * self._shape) * self._scale
        power = np.asarray(spectrum.real**2 + spectrum.imag**2, dtype=np.float32).max(axis=1)
        below, above = power[:, self._below], power[:, self._below + 1]
        bands = below + self._share * (above - below)
        # The bins between two such bands all lie in the lower one.
        highest = np.maximum.reduceat(power[:, : self._end], self._first[self._wide], axis=1)
        bands[:, self._wide] = np.maximum(bands[:, self._wide], highest)
        floor = np.float32(10 ** (FLOOR_DB / 10))
        # The logarithm of the floor may end a bit below it, as processors have it.
        levels: FloatArray = np.maximum(10 * np.log10(np.maximum(bands, floor)), FLOOR_DB)
        return levels
