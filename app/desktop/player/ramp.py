"""Gains that move without a step: fades and volume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

SILENT_DB = -60.0
"""At this volume, the bottom of the slider, nothing is heard."""


def gain_of(volume_db: float) -> float:
    """The factor that a volume stands for: 1 at 0 dB, 0 at `SILENT_DB` and below."""
    return 0.0 if volume_db <= SILENT_DB else float(10.0 ** (volume_db / 20.0))


class Ramp:
    """A gain that reaches its target in a straight line.

    Args:
        gain: where it stands.
        samples: how long each way takes.
    """

    def __init__(self, *, gain: float, samples: int) -> None:
        self._steps = np.arange(1, samples + 1, dtype=np.float32)
        self._step = 0.0
        self.gain = gain
        self.target = gain
        self.left = 0

    def aim(self, target: float) -> None:
        """Go to another gain, from wherever the ramp is."""
        if target == self.gain:
            self.jump(target)
        elif target != self.target:
            self.target = target
            self.left = len(self._steps)
            self._step = (target - self.gain) / self.left

    def jump(self, gain: float) -> None:
        """Be there at once: for moments when nothing sounds."""
        self.gain = self.target = gain
        self.left = 0

    def apply(self, block: FloatArray) -> None:
        """Multiply the samples [S, C] that come next, in place."""
        moving = min(self.left, len(block))
        if moving:
            gains = self._steps[:moving] * np.float32(self._step) + np.float32(self.gain)
            block[:moving] *= gains[:, None]
            self.left -= moving
            self.gain = self.gain + self._step * moving if self.left else self.target
        if moving < len(block) and self.gain != 1.0:
            block[moving:] *= np.float32(self.gain)
