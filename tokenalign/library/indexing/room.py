"""How much audio may be in memory at a time, as frames that are not yet on the disk."""

from __future__ import annotations

import threading


class Room:
    """Seconds of audio to be shared by several threads.

    Args:
        seconds: in all; something longer gets in when nothing else is there.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._taken_s: list[float] = []
        self._changed = threading.Condition()
        self._closed = False

    def take(self, seconds: float) -> bool:
        """Wait until there is room, and take it; False if the room is closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._fits(seconds))
            if not self._closed:
                self._taken_s.append(seconds)
            return not self._closed

    def give_back(self, seconds: float) -> None:
        """Leave what was taken to others."""
        with self._changed:
            self._taken_s.remove(seconds)
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _fits(self, seconds: float) -> bool:
        return not self._taken_s or sum(self._taken_s) + seconds <= self._seconds
