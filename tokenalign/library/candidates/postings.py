"""Which windows have frames near what: a first look at many windows without reading their frames.

A codec stores every frame under the nearest of its K centroids. Here, for each centroid, are the
windows that have frames under it, and how many. A phrase's smooth maximum over a window's frames,
``(1/β) log Σ_m exp(β s(m))``, is then nearly ``(1/β) log Σ_k n_k exp(β s_k)``; the centroids that
are nearest to the phrase make up most of it, and only their windows are looked up. The idea is
ColBERT's PLAID engine's (K. Santhanam et al., 2022, section 4), with its maximum made smooth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.frame_codec import SILENT, FloatArray

REACH = 0.4
"""Centroids whose similarity is so much below the nearest's are left out: each of their frames
counts a hundredth of one at the nearest."""

NOTHING = -1.0
"""Smooth maximum of a window that has no frame within reach: below that of any that has."""


class Smoothing(NamedTuple):
    """Of maxima: β, and M0 frames of a whole window, against which the score measures them."""

    sharpness: float
    full_window: int


@dataclass(frozen=True)
class Postings:
    """Windows by the centroids of their frames.

    Attributes:
        windows: how many there are in all.
        starts: [K + 1] where each centroid's entries begin.
        window: [N] uint32, ascending within a centroid.
        frames: [N] uint8, how many frames of the window lie under the centroid, at most 255.
    """

    windows: int
    starts: NDArray[np.int64]
    window: NDArray[np.uint32]
    frames: NDArray[np.uint8]

    def smooth_maxima(self, similarity: FloatArray, smoothing: Smoothing) -> FloatArray:
        """How much a phrase sounds in each window, nearly.

        Args:
            similarity: [K] of the phrase with each centroid.
            smoothing: as in the bundle's score.

        Returns:
            [windows] ``(1/β) log (Σ_k n_k exp(β s_k) / M0)`` over the centroids within `REACH` of
            the nearest; `NOTHING` where there is no frame of them.
        """
        peak = float(similarity.max())
        near = np.flatnonzero(similarity >= peak - REACH)
        lengths = self.starts[near + 1] - self.starts[near]
        weight = np.exp(smoothing.sharpness * (similarity[near].astype(np.float64) - peak))
        entries = _ranges(self.starts[near], lengths)
        sums = np.bincount(
            self.window[entries],
            np.repeat(weight, lengths) * self.frames[entries],
            minlength=self.windows,
        )
        heard = sums > 0
        maxima = np.full(self.windows, NOTHING, np.float32)
        maxima[heard] = peak + np.log(sums[heard] / smoothing.full_window) / smoothing.sharpness
        return maxima


def build_postings(numbers: NDArray[np.uint16], *, centroids: int) -> Postings:
    """Postings of windows.

    Args:
        numbers: [W, M] the centroid of each frame of each window, or `SILENT`.
        centroids: K.
    """
    windows = len(numbers)
    window, _ = np.nonzero(numbers != SILENT)
    keys = numbers[numbers != SILENT].astype(np.int64) * windows + window
    entries, frames = np.unique(keys, return_counts=True)
    return Postings(
        windows=windows,
        starts=np.searchsorted(entries, np.arange(centroids + 1) * windows),
        window=(entries % max(windows, 1)).astype(np.uint32),
        frames=np.minimum(frames, 255).astype(np.uint8),
    )


def merged_postings(one: Postings, other: Postings) -> Postings:
    """Postings of the windows of one, and behind them those of the other."""
    lengths = np.diff(one.starts), np.diff(other.starts)
    centroid = np.concatenate([np.repeat(np.arange(len(each)), each) for each in lengths])
    order = np.argsort(centroid, kind="stable")
    return Postings(
        windows=one.windows + other.windows,
        starts=one.starts + other.starts,
        window=np.concatenate([one.window, other.window + np.uint32(one.windows)])[order],
        frames=np.concatenate([one.frames, other.frames])[order],
    )


def _ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers from each start on, so many of each, one range behind the other."""
    before = np.cumsum(lengths) - lengths
    ranges: NDArray[np.int64] = np.repeat(starts - before, lengths) + np.arange(lengths.sum())
    return ranges
