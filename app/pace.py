"""How fast long work goes and when it will be done; terminal and window share it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tokenalign.progress import Progress

WINDOW_S = 20.0
"""What counts is how the work went lately, not on the average."""

LEAST_FILES = 5
"""With fewer files in the window it reaches further back; before so many there is no forecast."""

LEAST_S = 3.0
"""A shorter look tells too little for a forecast."""


@dataclass(frozen=True)
class Measures:
    """What is known of the pace; None where it is not known yet.

    Attributes:
        files_per_s: finished files a second.
        times_real_time: seconds of audio in each second of work.
        left_s: seconds until the stage is done.
    """

    files_per_s: float | None = None
    times_real_time: float | None = None
    left_s: float | None = None


@dataclass(frozen=True)
class _Mark:
    """Where the work stood, after so many seconds of work without the pauses."""

    worked_s: float
    done: int
    audio_s: float


class Pace:
    """The pace of the present stage over the last `WINDOW_S`, pauses left out.

    All times are monotonic seconds and only grow.
    """

    def __init__(self) -> None:
        self._stage = ""
        self._marks: deque[_Mark] = deque()
        self._paused_at_s: float | None = None
        self._rested_s = 0.0

    def feed(self, now_s: float, progress: Progress) -> Measures:
        """Take a report in; returns what is known with it."""
        if self._paused_at_s is not None:
            self._paused_at_s = now_s  # the work went on until it noticed
        mark = _Mark(now_s - self._rested_s, progress.done, progress.audio_s)
        if progress.stage != self._stage or mark.done < self._marks[-1].done:
            self._stage = progress.stage
            self._marks.clear()
        if not self._marks or mark.done > self._marks[-1].done:
            self._marks.append(mark)  # between two files a rate would start at a random place
        while len(self._marks) > 1 and _is_enough(self._marks[1], mark):
            self._marks.popleft()
        return _measures(self._marks[0], mark, progress.total)

    def pause(self, now_s: float) -> None:
        """The time from here to `resume` does not count."""
        if self._paused_at_s is None:
            self._paused_at_s = now_s

    def resume(self, now_s: float) -> None:
        """The work goes on."""
        if self._paused_at_s is not None:
            self._rested_s += now_s - self._paused_at_s
            self._paused_at_s = None


def _is_enough(start: _Mark, end: _Mark) -> bool:
    """Whether a window this short tells enough."""
    return end.worked_s - start.worked_s >= WINDOW_S and end.done - start.done >= LEAST_FILES


def _measures(start: _Mark, end: _Mark, total: int | None) -> Measures:
    took_s, done, audio_s = (
        end.worked_s - start.worked_s,
        end.done - start.done,
        end.audio_s - start.audio_s,
    )
    if took_s <= 0:
        return Measures()
    sure = took_s >= LEAST_S and done >= LEAST_FILES and total is not None
    return Measures(
        files_per_s=done / took_s if done else None,
        times_real_time=audio_s / took_s if audio_s > 0 else None,
        left_s=(total - end.done) * took_s / done if sure and total is not None else None,
    )
