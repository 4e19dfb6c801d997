"""When to report: often enough to look alive, seldom enough to cost nothing."""

from __future__ import annotations

import time

INTERVAL_S = 0.1


class Pulse:
    """Says every `INTERVAL_S` that a report is due."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def due(self) -> bool:
        """Whether a report is due now; if so, the next one is due an interval later."""
        now = time.monotonic()
        if now - self._last < INTERVAL_S:
            return False
        self._last = now
        return True
