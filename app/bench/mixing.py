"""Vectors of new clips, mixed of the vectors of real recordings: for libraries of any size.

Random vectors would be no test of a search: they lie far apart from each other and from every
caption. A mixed clip has frames that a real recording gave, in an order that no recording has.

Shapes: B clips of a batch, M frames of a clip, D width, R frames of all recordings, N recordings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError

FloatArray = NDArray[np.float32]

MOST_IN_TURN = 3
"""Recordings that are laid one after the other, at most."""

OVERLAPPED = 0.3
"""Share of the clips over a part of which one more recording is laid."""

OTHERNESS = 0.15
"""How far a recording is turned, as a whole, each time it is used: length against unit vectors."""

UNREST = 0.1
"""How far each frame is turned by itself, likewise."""

BATCH = 512


@dataclass(frozen=True)
class Mixed:
    """A clip that nobody recorded.

    Attributes:
        frames: [M, D] float32, norms as in the recordings.
        windows: [1, D] float32 unit vector.
    """

    frames: FloatArray
    windows: FloatArray


class Recordings:
    """The vectors of real recordings, end to end.

    Args:
        clips: encoded by one model; those without frames are left out.

    Attributes:
        frames: [R, D].
        norms: [R] theirs.
        first: [N] where each recording's frames begin.
        counts: [N] how many there are.
        gists: [N, D] unit vectors, the sum of the recording's window vectors; zero for silence.

    Raises:
        TokenAlignError: there are none.
    """

    def __init__(self, clips: Iterable[Clip]) -> None:
        kept = [clip for clip in clips if len(clip.frames)]
        if not kept:
            raise TokenAlignError(
                "no recordings to mix", "Index a folder of real recordings first."
            )
        self.frames = np.concatenate([clip.frames for clip in kept])
        self.counts = np.array([len(clip.frames) for clip in kept])
        self.first = np.cumsum(self.counts) - self.counts
        self.norms = np.linalg.norm(self.frames, axis=1)
        self.gists = _unit(np.stack([clip.windows.sum(axis=0) for clip in kept]))


def mixed_clips(
    recordings: Recordings, count: int, *, frame_count: int, seed: int
) -> Iterator[Mixed]:
    """Mix clips; the first n of a longer run are those of a run of n.

    Args:
        recordings: what is mixed.
        count: how many clips.
        frame_count: M, no more than a window has.
        seed: other numbers make other clips.
    """
    for batch, first in enumerate(range(0, count, BATCH)):
        random = np.random.default_rng([seed, batch])
        frames, gists = _mix(recordings, frame_count, random)
        for place in range(min(BATCH, count - first)):
            yield Mixed(frames[place], gists[place, None])


def _mix(
    recordings: Recordings, frame_count: int, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """A batch: frames [B, M, D] and unit vectors [B, D]."""
    chosen = random.integers(len(recordings.counts), size=(BATCH, MOST_IN_TURN + 1))
    rows = _rows(recordings, chosen, frame_count, random)
    places = _places(rows, recordings.norms, random)
    clip = np.arange(BATCH)[:, None]
    frame_rows = rows[clip, places, np.arange(frame_count)]
    frames, norms = recordings.frames[frame_rows], recordings.norms[frame_rows][..., None]
    gists = recordings.gists[chosen]
    otherness = _noise(random, gists.shape, OTHERNESS)
    turned = otherness[clip, places] + _noise(random, frames.shape, UNREST)
    shares = (places[:, :, None] == np.arange(chosen.shape[1])).mean(axis=1, dtype=np.float32)
    sounding = np.linalg.norm(gists, axis=-1, keepdims=True) * shares[..., None]
    return norms * _unit(frames + norms * turned), _unit(((gists + otherness) * sounding).sum(1))


def _rows(
    recordings: Recordings,
    chosen: NDArray[np.int64],
    frame_count: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Rows of `recordings.frames` [B, places, M], if a clip were of one recording alone.

    Each begins somewhere; one that is too short begins again.
    """
    counts = recordings.counts[chosen]
    starts = random.integers(counts)
    within = (starts[..., None] + np.arange(frame_count)) % counts[..., None]
    rows: NDArray[np.int64] = recordings.first[chosen][..., None] + within
    return rows


def _places(
    rows: NDArray[np.int64], norms: FloatArray, random: np.random.Generator
) -> NDArray[np.int64]:
    """Which of a clip's recordings each frame is of, [B, M].

    One to `MOST_IN_TURN` in turn; the last one over them, where it is the stronger, or not at all.
    """
    clips, _, frame_count = rows.shape
    frame = np.arange(frame_count)
    in_turn = random.integers(1, MOST_IN_TURN + 1, size=(clips, 1))
    cuts = np.sort(random.integers(1, frame_count, size=(clips, MOST_IN_TURN - 1)), axis=1)
    cuts = np.where(np.arange(MOST_IN_TURN - 1) < in_turn - 1, cuts, frame_count)
    places = (frame >= cuts[..., None]).sum(axis=1)
    ends = np.sort(random.integers(frame_count + 1, size=(clips, 2, 1)), axis=1)
    over = (frame >= ends[:, 0]) & (frame < ends[:, 1]) & (random.random((clips, 1)) < OVERLAPPED)
    below = np.take_along_axis(rows, places[:, None], axis=1)[:, 0]
    stronger = norms[rows[:, -1]] > norms[below]
    return np.where(over & stronger, MOST_IN_TURN, places)


def _noise(random: np.random.Generator, shape: tuple[int, ...], length: float) -> FloatArray:
    """Random vectors of about this length, along the last axis."""
    return random.standard_normal(shape, np.float32) * np.float32(length / np.sqrt(shape[-1]))


def _unit(vectors: FloatArray) -> FloatArray:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: FloatArray = vectors / np.maximum(norms, np.float32(1e-12))
    return unit
