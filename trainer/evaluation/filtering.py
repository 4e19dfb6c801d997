"""What published protocols do to detections before they are counted, done to the scores themselves.

Both filters say of every threshold at once what they would do to what lies above it: the median of
scores is the majority vote of frames, and their grey closing the joining of stretches.

Shapes: M frames, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Scores = NDArray[np.floating]

ROUNDING = 1e-6
"""A gap that is as long as the longest is joined, whatever the last bit of the frame hop."""


@dataclass(frozen=True)
class Filtering:
    """How frame scores are filtered; by default they are left as they are.

    Attributes:
        median_frames: odd; each score is the median of so many around it. MGA-CLAP's protocols
            take 3, of 312 ms each.
        longest_gap_s: gaps of at most so many seconds between what is found are found too. For
            grounding, Xu et al. (AudioGrounding's authors) and MGA-CLAP take 0.5; the latter's
            code rounds up to whole frames.
    """

    median_frames: int = 1
    longest_gap_s: float = 0.0

    def __call__(self, scores: Scores, hop_s: float) -> Scores:
        """Filter scores [M, K] of frames of `hop_s` seconds."""
        gap = int(self.longest_gap_s / hop_s + ROUNDING)
        return gaps_joined(median_of(scores, self.median_frames), gap)


UNFILTERED = Filtering()


def median_of(scores: Scores, frames: int) -> Scores:
    """Each score the median of so many frames around it; the ends are repeated outwards."""
    padded = np.pad(scores, ((frames // 2, frames // 2), (0, 0)), mode="edge")
    median: Scores = np.median(sliding_window_view(padded, frames, axis=0), axis=-1)
    return median


def gaps_joined(scores: Scores, longest: int) -> Scores:
    """Grey closing: a gap of at most so many frames is as high as the lower of its two sides."""
    padded = np.pad(scores, ((longest, longest), (0, 0)), constant_values=-np.inf)
    highest = sliding_window_view(padded, longest + 1, axis=0).max(axis=-1)
    closed: Scores = sliding_window_view(highest, longest + 1, axis=0).min(axis=-1)
    return closed
