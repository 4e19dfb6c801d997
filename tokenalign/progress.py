"""What long work reports while it goes on: the same value feeds the terminal and the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One report of a generator that does long work.

    Attributes:
        stage: what is being done, in plain words ("scan", "index").
        done: finished items.
        total: all items, or None while that is unknown.
        item: what is at hand, usually a path.
        audio_s: seconds of audio finished so far.
    """

    stage: str
    done: int
    total: int | None = None
    item: str = ""
    audio_s: float = 0.0
