"""Outlines of sounds for the table: few points each, and the latest only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tokenalign.audio.peaks import Peaks

POINTS = 256
"""Stretches of one outline: as many as a cell of the table is wide, about."""

KEPT = 2048
"""Outlines in memory, 2 kB each."""


class Outlines:
    """Outlines by path; a sound that cannot be drawn has None."""

    def __init__(self) -> None:
        self._peaks: OrderedDict[Path, Peaks | None] = OrderedDict()

    def missing(self, paths: Iterable[Path]) -> list[Path]:
        """Those of the paths whose outline has not come, each once."""
        return [path for path in dict.fromkeys(paths) if path not in self._peaks]

    def get(self, path: Path) -> Peaks | None:
        """The outline of a sound; None if it has not come or cannot be drawn."""
        return self._peaks.get(path)

    def put(self, path: Path, peaks: Peaks | None) -> None:
        """Keep the outline of a sound."""
        self._peaks[path] = None if peaks is None or len(peaks.low) == 0 else thinned(peaks)
        self._peaks.move_to_end(path)
        if len(self._peaks) > KEPT:
            self._peaks.popitem(last=False)


def thinned(peaks: Peaks) -> Peaks:
    """The outline in POINTS stretches at most."""
    if len(peaks.low) <= POINTS:
        return peaks
    starts = np.arange(POINTS) * len(peaks.low) // POINTS
    return Peaks(
        low=np.minimum.reduceat(peaks.low, starts),
        high=np.maximum.reduceat(peaks.high, starts),
        duration_s=peaks.duration_s,
    )
