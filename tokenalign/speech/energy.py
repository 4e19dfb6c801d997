"""What a recording's level alone tells of its frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUIET_DB = 35.0
"""So far below what is loud, a frame is silent. In noise none is: level tells little there, and
soft ends of words would be lost."""

LOUD_PERCENT, BACKGROUND_PERCENT = 95, 5
LEAST_POWER = 1e-12

Levels = NDArray[np.float64]
Frames = NDArray[np.bool_]


def frame_levels_db(samples: NDArray[np.float32], frame_samples: int) -> Levels:
    """Power of frames [M], of samples [S]; M = ceil(S / frame_samples)."""
    whole = np.pad(samples, (0, -len(samples) % frame_samples))
    power = np.square(whole.reshape(-1, frame_samples), dtype=np.float64).mean(axis=1)
    return np.asarray(10 * np.log10(power + LEAST_POWER))


def sounding(levels_db: Levels) -> Frames:
    """Frames [M] that are not silent."""
    if not levels_db.size:
        return np.zeros(0, np.bool_)
    least = max(np.percentile(levels_db, LOUD_PERCENT) - QUIET_DB, 10 * np.log10(2 * LEAST_POWER))
    return np.asarray(levels_db >= least)


def foreground(levels_db: Levels) -> Frames:
    """Those sounding frames [M] that are nearer to what is loud than to the background, in dB.

    Speech in steady noise is among them, though not all of it, and the noise is not.
    """
    if not levels_db.size:
        return np.zeros(0, np.bool_)
    middle = np.percentile(levels_db, [LOUD_PERCENT, BACKGROUND_PERCENT]).mean()
    return np.asarray((levels_db >= middle) & sounding(levels_db))
