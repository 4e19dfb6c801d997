"""Training scenes: a few sounds placed in ten seconds, mixed as mel powers, with exact times.

A *family* is one draw of recordings; its scenes arrange the same recordings differently (A then
B, B then A, both at once, A alone), so that within a batch only the arrangement tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from trainer.recordings import SoundStore, StoredSound
from trainer.variation import background, reverberant, varied

SCENE_MEL_FRAMES = 1024
"""10.24 s of 10 ms: 64 frames of the encoder."""

MEL_FRAMES_PER_FRAME = 16


class Arrangement(StrEnum):
    """How a scene's sounds lie in time."""

    SINGLE = "single"
    SEQUENCE = "sequence"
    OVERLAP = "overlap"
    THEN_TOGETHER = "then together"


@dataclass(frozen=True)
class PlacedSound:
    """A sound of a scene: its label and its mel frames [start, end)."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class TrainingScene:
    """One scene.

    Attributes:
        arrangement: how the sounds lie in time.
        sounds: in a sequence, in order of their starts.
        power: [SCENE_MEL_FRAMES, F] mel power, nothing from `length` on.
        length: mel frames that the scene lasts.
        ambience: label of a faint sound under all of it; "" without any.
    """

    arrangement: Arrangement
    sounds: tuple[PlacedSound, ...]
    power: NDArray[np.float32]
    length: int
    ambience: str = ""


def draw_family(
    store: SoundStore, rng: np.random.Generator, *, crowded: float = 0.0
) -> Iterator[TrainingScene]:
    """Two scenes of the same recordings in different arrangements, or three sounds both ways.

    A share `crowded` of the families has three sounds: all at once, and one before two at once.
    """
    if crowded and rng.random() < crowded:  # without, nothing is drawn: batches stay as they were
        yield from _crowd(store, rng)
        return
    labels = [store.labels[i] for i in rng.choice(len(store.labels), size=3, replace=False)]
    if rng.random() < 0.15:
        sounds = [store.draw(label, rng) for label in labels]
        limit = 300
        yield mix(store, sounds, Arrangement.SEQUENCE, limit, rng)
        yield mix(store, [sounds[i] for i in rng.permutation(3)], Arrangement.SEQUENCE, limit, rng)
        return
    first, second = (store.draw(label, rng) for label in labels[:2])
    ways = (
        ([first, second], Arrangement.SEQUENCE),
        ([second, first], Arrangement.SEQUENCE),
        ([first, second], Arrangement.OVERLAP),
        ([first], Arrangement.SINGLE),
        ([second], Arrangement.SINGLE),
    )
    for way in rng.choice(len(ways), size=2, replace=False, p=(0.25, 0.25, 0.28, 0.11, 0.11)):
        sounds, arrangement = ways[way]
        limit = 500 if arrangement is not Arrangement.SEQUENCE else 400
        yield mix(store, sounds, arrangement, limit, rng)


def _crowd(store: SoundStore, rng: np.random.Generator) -> Iterator[TrainingScene]:
    labels = [store.labels[i] for i in rng.choice(len(store.labels), size=3, replace=False)]
    sounds = [store.draw(label, rng) for label in labels]
    yield mix(store, sounds, Arrangement.OVERLAP, 500, rng)
    yield mix(store, sounds, Arrangement.THEN_TOGETHER, 400, rng)


def mix(
    store: SoundStore,
    sounds: list[StoredSound],
    arrangement: Arrangement,
    longest: int,
    rng: np.random.Generator,
) -> TrainingScene:
    """Place sounds and add their powers, a room and background noise.

    Args:
        store: where the powers lie.
        sounds: what to place, in order of time.
        arrangement: one after the other, together, or the first and then the others together.
        longest: mel frames that a sound is cut to.
        rng: source of all variation.
    """
    pieces = [varied(store.power(sound), longest, rng) for sound in sounds]
    starts = _starts([len(piece) for piece in pieces], arrangement, rng)
    return rendered(arrangement, [sound.label for sound in sounds], pieces, starts, rng)


def rendered(
    arrangement: Arrangement,
    labels: Sequence[str],
    pieces: Sequence[NDArray[np.float32]],
    starts: Sequence[int],
    rng: np.random.Generator,
) -> TrainingScene:
    """Add the powers of placed sounds, a room and background noise.

    Args:
        arrangement: how they lie in time.
        labels: of the sounds, in order of time.
        pieces: their powers, [T_i, F].
        starts: their first mel frames; what lies before the scene or behind it is cut off.
        rng: source of all variation.
    """
    power = np.zeros((SCENE_MEL_FRAMES, pieces[0].shape[1]), np.float32)
    placed = []
    for label, piece, start in zip(labels, pieces, starts, strict=True):
        begin, end = max(0, start), min(start + len(piece), SCENE_MEL_FRAMES)
        power[begin:end] += piece[begin - start : end - start]
        placed.append(PlacedSound(label, begin, end))
    if rng.random() < 0.2:
        power = reverberant(power, rng)
    power += background(power.shape, rng)
    power *= np.float32(10 ** (rng.uniform(-30.0, 6.0) / 10))
    length = _length(max(sound.end for sound in placed), rng)
    power[length:] = 0.0
    return TrainingScene(arrangement, tuple(placed), power, length)


def _length(last_end: int, rng: np.random.Generator) -> int:
    """Mostly the full window; sometimes shorter, as files are."""
    if rng.random() < 0.75:
        return SCENE_MEL_FRAMES
    return int(rng.integers(last_end, SCENE_MEL_FRAMES + 1))


def _starts(lengths: list[int], arrangement: Arrangement, rng: np.random.Generator) -> list[int]:
    """First mel frame of each sound."""
    if arrangement is Arrangement.OVERLAP:
        # The shorter lies within the longer, or nearly.
        longer, shorter = max(lengths), min(lengths)
        slack = longer - shorter
        inner = int(rng.integers(slack + 1))
        begin = int(rng.integers(max(1, SCENE_MEL_FRAMES - longer)))
        return [begin if n == longer else begin + inner for n in lengths]
    if arrangement is Arrangement.THEN_TOGETHER:
        first, *others = lengths
        wait = first + int(rng.integers(80))
        begin = int(rng.integers(max(1, SCENE_MEL_FRAMES - wait - max(others))))
        inner = int(rng.integers(max(others) - min(others) + 1))
        return [begin, *(begin + wait + (0 if n == max(others) else inner) for n in others)]
    gaps = [int(gap) for gap in rng.integers(0, 80, size=len(lengths) - 1)]
    total = sum(lengths) + sum(gaps)
    begin = int(rng.integers(max(1, SCENE_MEL_FRAMES - total)))
    starts = [begin]
    for length, gap in zip(lengths, gaps, strict=False):
        starts.append(min(starts[-1] + length + gap, SCENE_MEL_FRAMES - 1))
    return starts[: len(lengths)]


def frame_truth(scene: TrainingScene, label: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a label sounds, per frame of the encoder.

    Returns:
        truth [M], True where it sounds for at least half of the frame; known [M], False where it
        sounds for less than half but not for none.
    """
    active = np.zeros(SCENE_MEL_FRAMES, bool)
    for sound in scene.sounds:
        if sound.label == label:
            active[sound.start : sound.end] = True
    share = active.reshape(-1, MEL_FRAMES_PER_FRAME).mean(axis=1)
    return share >= 0.5, (share >= 0.5) | (share == 0.0)
