"""Which frames of a recording are not silent, from its level alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUIET_DB = 35.0
"""So far below what is loud, a frame is silent, however quiet the recording's background is."""

SHARE = 0.75
"""In noise: so far down from loud towards the background, both in dB, a frame is silent."""

LOUD_PERCENT, BACKGROUND_PERCENT = 95, 5
LEAST_POWER = 1e-12


def sounding(samples: NDArray[np.float32], frame_samples: int) -> NDArray[np.bool_]:
    """Frames [M] that are not silent, of samples [S]; M = ceil(S / frame_samples)."""
    whole = np.pad(samples, (0, -len(samples) % frame_samples))
    if not whole.size:
        return np.zeros(0, np.bool_)
    power = np.square(whole.reshape(-1, frame_samples), dtype=np.float64).mean(axis=1)
    levels = 10 * np.log10(power + LEAST_POWER)
    loud, background = np.percentile(levels, [LOUD_PERCENT, BACKGROUND_PERCENT])
    threshold = loud - min(QUIET_DB, SHARE * (loud - background))
    return np.asarray((levels >= threshold) & (power > LEAST_POWER))
