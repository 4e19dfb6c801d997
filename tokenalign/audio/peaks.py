"""The outline of a sound, for drawing: lowest and highest sample of each stretch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Peaks:
    """A waveform's outline.

    Attributes:
        low: [B] lowest sample of each of B equal stretches, on [-1, 1].
        high: [B] highest sample.
        duration_s: length of the sound.
    """

    low: NDArray[np.float32]
    high: NDArray[np.float32]
    duration_s: float
