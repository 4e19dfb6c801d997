"""The waveform as pixels: outlines fitted to columns, and how much of each pixel they cover.

Shapes: W columns, H rows, B stretches of an outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.desktop.views.timeline.rasters import Bytes
from tokenalign.audio.peaks import Peaks

FloatArray = NDArray[np.float32]

FAINTEST_PEAK = 0.01
"""A sound is drawn as high as there is room, but not more than 40 dB louder than it is."""


@dataclass(frozen=True)
class Outline:
    """The outline of a part of the sound."""

    peaks: Peaks
    start_s: float
    end_s: float

    @property
    def stretch_s(self) -> float:
        """How fine it is."""
        return (self.end_s - self.start_s) / max(1, len(self.peaks.low))


def highest(peaks: Peaks) -> float:
    """The highest sample of a sound, up or down, [0, 1]."""
    return float(max(peaks.high.max(initial=0.0), -peaks.low.min(initial=0.0)))


def extremes(
    outlines: Sequence[Outline], start_s: float, end_s: float, columns: int
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest sample [W] of equal columns; later outlines go over earlier ones.

    Columns that no outline reaches are 0, as silence is.
    """
    edges_s = np.linspace(start_s, end_s, columns + 1)
    low, high = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    for outline in outlines:
        covered = (edges_s[1:] > outline.start_s) & (edges_s[:-1] < outline.end_s)
        if len(outline.peaks.low) and covered.any():
            first, last = np.flatnonzero(covered)[[0, -1]]
            columns_s = edges_s[first : last + 2]
            low[first : last + 1], high[first : last + 1] = _fitted(outline, columns_s)
    return low, high


def _fitted(outline: Outline, edges_s: NDArray[np.float64]) -> tuple[FloatArray, FloatArray]:
    low, high = outline.peaks.low, outline.peaks.high
    places = ((edges_s - outline.start_s) / outline.stretch_s).clip(0, len(low))
    if edges_s[1] - edges_s[0] >= outline.stretch_s:
        end = int(np.ceil(places[-1]))
        starts = np.minimum(places[:-1].astype(np.int64), end - 1)
        return np.minimum.reduceat(low[:end], starts), np.maximum.reduceat(high[:end], starts)
    # Finer than the outline is: straight lines between its stretches.
    lows, highs = (
        np.interp(places - 0.5, np.arange(len(side)), side).astype(np.float32)
        for side in (low, high)
    )
    return np.minimum(lows[:-1], lows[1:]), np.maximum(highs[:-1], highs[1:])


def coverage(low: FloatArray, high: FloatArray, *, rows: int, loudest: float) -> Bytes:
    """How much of each pixel [H, W] lies between the extremes; a hairline at least.

    Args:
        low: [W].
        high: [W].
        rows: H.
        loudest: the sample that reaches the upper edge.
    """
    middle = np.float32(rows / 2)
    scale = np.float32(rows * 0.46 / max(loudest, FAINTEST_PEAK))
    top, bottom = middle - high * scale, middle - low * scale
    centre, half = (top + bottom) / 2, np.maximum((bottom - top) / 2, np.float32(0.5))
    top, bottom = centre - half, centre + half
    row = np.arange(rows, dtype=np.float32)[:, None]
    covered = np.minimum(bottom, row + 1)
    covered -= np.maximum(top, row)
    covered *= 255
    np.clip(covered, 0, 255, out=covered)
    image: Bytes = covered.astype(np.uint8)
    return image
