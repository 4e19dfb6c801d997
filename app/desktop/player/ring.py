"""Samples on their way from the reader's thread to the callback."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class Ring:
    """Stereo samples in the order in which they came, without a lock.

    One thread puts and one takes. Each of them alone moves its own counter, after the samples
    have been copied, so neither sees samples that are not there.
    """

    def __init__(self, capacity: int) -> None:
        self._samples = np.zeros((capacity, 2), dtype=np.float32)
        self._put = 0
        self.taken = 0

    @property
    def filled(self) -> int:
        """How many samples can be taken."""
        return self._put - self.taken

    @property
    def room(self) -> int:
        """How many samples can be put."""
        return len(self._samples) - self.filled

    def put(self, block: FloatArray) -> None:
        """Add samples [S, 2]; there must be room."""
        at = self._put % len(self._samples)
        first = min(len(block), len(self._samples) - at)
        self._samples[at : at + first] = block[:first]
        self._samples[: len(block) - first] = block[first:]
        self._put += len(block)

    def take(self, out: FloatArray) -> None:
        """Fill `out` [S, 2]; so many samples must be there."""
        at = self.taken % len(self._samples)
        first = min(len(out), len(self._samples) - at)
        out[:first] = self._samples[at : at + first]
        out[first:] = self._samples[: len(out) - first]
        self.taken += len(out)

    def skip(self, samples: int) -> None:
        """Take samples and forget them."""
        self.taken += samples
