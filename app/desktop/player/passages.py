"""What is to be heard of a file: once, or over and over without a joint that clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.desktop.player.reader import SoundReader

FloatArray = NDArray[np.float32]

FADE_S = 0.004
SHORTEST_LOOP_S = 0.02
LONGEST_KEPT_S = 30.0
"""A loop up to this length is read once and then repeated from memory."""


@dataclass(frozen=True)
class Passage:
    """What a listener asks for.

    Attributes:
        path: the file.
        start_s: where playing begins.
        end_s: where it stops, or None for the end of the file.
        loop: a region that is repeated, once it is reached; it wins over `end_s`.
    """

    path: Path
    start_s: float = 0.0
    end_s: float | None = None
    loop: tuple[float, float] | None = None


@dataclass(frozen=True)
class Course:
    """A passage in samples at the sound card's rate.

    Attributes:
        start: where playing begins.
        end: where it stops, or None for the end of the file.
        loop: first sample, and the one after the last; it lies behind `start` or around it.
    """

    start: int
    end: int | None = None
    loop: tuple[int, int] | None = None

    def position(self, played: int) -> int:
        """The place in the file after so many samples were played."""
        straight_on = self.start + played
        if self.loop is None or straight_on < self.loop[1]:
            return straight_on
        first, last = self.loop
        return first + (straight_on - first) % (last - first)


def course_of(passage: Passage, *, rate: int, samples: int) -> Course:
    """The course of a passage in a file of so many samples; a start behind the loop plays on."""
    start = min(max(0, round(passage.start_s * rate)), samples)
    end = None if passage.end_s is None else max(start, round(passage.end_s * rate))
    if passage.loop is None:
        return Course(start, end)
    first, last = (round(min(max(0.0, time_s * rate), samples)) for time_s in passage.loop)
    last = min(max(last, first + round(SHORTEST_LOOP_S * rate)), samples)
    first = max(0, min(first, last - round(SHORTEST_LOOP_S * rate)))
    return Course(start, loop=(first, last)) if start < last else Course(start)


def blocks(reader: SoundReader, course: Course, *, rate: int, block: int) -> Iterator[FloatArray]:
    """The samples of a course [S_i, 2], of about `block` samples each.

    Raises:
        AudioFileError: the file cannot be read further.
    """
    fade = round(FADE_S * rate)
    if course.loop is None:
        reader.seek(course.start)
        left = None if course.end is None else course.end - course.start
        yield from _faded_out(_read_on(reader, left, block), fade)
        return
    first, last = course.loop
    joint = _Joint(reader, first, min(fade, (last - first) // 2))
    if course.start != first:
        yield from joint.round(course.start, last, block)
    if last - first > LONGEST_KEPT_S * rate:
        while True:
            yield from joint.round(first, last, block)
    kept = list(joint.round(first, last, block))
    yield from chain.from_iterable(repeat(kept))


class _Joint:
    """Where a loop begins again: its end gives way to what leads to its beginning.

    The crossfade lies before the joint and takes no time of its own, so each round is as long as
    the region, to the sample.
    """

    def __init__(self, reader: SoundReader, first: int, fade: int) -> None:
        self._reader = reader
        self._rising = np.arange(1, fade + 1, dtype=np.float32)[:, None] / np.float32(max(1, fade))
        before = min(fade, first)
        reader.seek(first - before)
        silence = np.zeros((fade - before, 2), dtype=np.float32)
        self._lead_in = np.concatenate([silence, _exactly(reader, before)])

    def round(self, start: int, last: int, block: int) -> Iterator[FloatArray]:
        """From `start` to the joint.

        A seek in a compressed file need not be exact, so a round is reached by the same seek as
        what leads to it.
        """
        fade = min(len(self._rising), last - start)
        before = min(len(self._rising), start)
        self._reader.seek(start - before)
        self._reader.read(before)
        for position in range(start, last - fade, block):
            yield _exactly(self._reader, min(block, last - fade - position))
        end, rising = _exactly(self._reader, fade), self._rising[-fade:]
        joined: FloatArray = end + (self._lead_in[-fade:] - end) * rising
        yield joined


def _exactly(reader: SoundReader, samples: int) -> FloatArray:
    """So many samples, with silence for those that a damaged file lacks."""
    found = reader.read(samples)
    return np.pad(found, ((0, samples - len(found)), (0, 0)))


def _read_on(reader: SoundReader, left: int | None, block: int) -> Iterator[FloatArray]:
    """Blocks to the end of the file, or until nothing is left."""
    while left is None or left > 0:
        found = reader.read(block if left is None else min(block, left))
        if not len(found):
            return
        yield found
        left = None if left is None else left - len(found)


def _faded_out(sound: Iterator[FloatArray], fade: int) -> Iterator[FloatArray]:
    """The blocks, the last samples of all brought down to silence."""
    held = np.empty((0, 2), dtype=np.float32)
    for found in sound:
        held = np.concatenate([held, found])
        if len(held) > fade:
            yield held[:-fade]
            held = held[-fade:]
    falling = np.arange(len(held), dtype=np.float32)[::-1] / np.float32(max(1, len(held)))
    faded: FloatArray = held * falling[:, None]
    yield faded
