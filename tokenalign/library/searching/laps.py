"""How long the parts of a search take."""

from __future__ import annotations

import time


class Laps:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._last = self._start = time.perf_counter()
        self._laps_ms: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Name the time since the last lap."""
        now = time.perf_counter()
        self._laps_ms[name] = (now - self._last) * 1e3
        self._last = now

    def laps_ms(self) -> dict[str, float]:
        """All laps, and "total"."""
        return {**self._laps_ms, "total": (self._last - self._start) * 1e3}
