"""Test scenes: waveforms of ten seconds, mixed from real recordings, with exact times.

The protocol: 100 single sounds, 100 pairs in both orders, 100 pairs at once. Recordings are
trimmed, levelled to equal RMS, up to 6 dB apart in pairs, with gaps of 0 to 0.6 s and faint noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import read_mono
from trainer.recordings import Recording, levelled, sounding_part
from trainer.scenes import Arrangement

SAMPLE_RATE = 32000
SCENE_S = 10.0
LONGEST_S = {Arrangement.SINGLE: 5.0, Arrangement.SEQUENCE: 4.0, Arrangement.OVERLAP: 5.0}
NOISE_RMS = 0.0005

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class TestEvent:
    """A sound in a test scene; times in seconds."""

    __test__ = False

    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class TestScene:
    """A test scene.

    Attributes:
        arrangement: how its sounds lie in time.
        events: in order of their starts.
        samples: [S] at `SAMPLE_RATE`.
        group: scenes of the same recordings share it.
        parts: the scene's sounds, [S_i] each, in the events' order.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    arrangement: Arrangement
    events: tuple[TestEvent, ...]
    samples: Samples
    group: int
    parts: tuple[Samples, ...]


@dataclass(frozen=True)
class Counts:
    """How many scenes of each kind; pairs give two scenes, one for each order. And how many
    recordings of a minute (`trainer.evaluation.minutes`).
    """

    single: int = 100
    pairs: int = 100
    overlap: int = 100
    minutes: int = 50


def loader(recordings: Sequence[Recording]) -> Mapping[str, list[Callable[[], Samples]]]:
    """Recordings by label, each decoded, trimmed and levelled when called."""
    by_label: dict[str, list[Callable[[], Samples]]] = {}
    for recording in recordings:
        by_label.setdefault(recording.label, []).append(partial(_ready, recording.path))
    return by_label


def _ready(path: Path) -> Samples:
    samples = read_mono(path, sample_rate=SAMPLE_RATE)
    return levelled(sounding_part(samples, SAMPLE_RATE))


def draw_scenes(
    sounds: Mapping[str, Sequence[Callable[[], Samples]]], counts: Counts, seed: int
) -> list[TestScene]:
    """All scenes of the protocol, the same for the same seed.

    Args:
        sounds: by label, calls that give a ready recording.
        counts: how many.
        seed: of every choice.
    """
    rng = np.random.default_rng(seed)
    labels = sorted(sounds)
    scenes: list[TestScene] = []

    def one(label: str) -> Samples:
        return sounds[label][int(rng.integers(len(sounds[label])))]()

    for group in range(counts.single):
        label = labels[group % len(labels)]
        scenes.append(_place([(label, one(label))], Arrangement.SINGLE, group, rng))
    for group in range(counts.single, counts.single + counts.pairs + counts.overlap):
        a, b = (str(label) for label in rng.choice(labels, 2, replace=False))
        pair = [(a, one(a)), (b, _louder(one(b), rng))]
        if group < counts.single + counts.pairs:
            scenes.append(_place(pair, Arrangement.SEQUENCE, group, rng))
            scenes.append(_place(pair[::-1], Arrangement.SEQUENCE, group, rng))
        else:
            scenes.append(_place(pair, Arrangement.OVERLAP, group, rng))
    return scenes


def _louder(samples: Samples, rng: np.random.Generator) -> Samples:
    return samples * np.float32(10 ** (rng.uniform(-6.0, 6.0) / 20))


def _place(
    sounds: Sequence[tuple[str, Samples]],
    arrangement: Arrangement,
    group: int,
    rng: np.random.Generator,
) -> TestScene:
    total = round(SCENE_S * SAMPLE_RATE)
    longest = round(LONGEST_S[arrangement] * SAMPLE_RATE)
    cut = [(label, samples[:longest]) for label, samples in sounds]
    starts = _starts([len(samples) for _, samples in cut], arrangement, total, rng)
    mixed = rng.normal(0.0, NOISE_RMS, total).astype(np.float32)
    events = []
    for (label, samples), start in zip(cut, starts, strict=True):
        mixed[start : start + len(samples)] += samples
        times = (start / SAMPLE_RATE, (start + len(samples)) / SAMPLE_RATE)
        events.append(TestEvent(label, *times))
    peak = float(np.abs(mixed).max())
    order = sorted(range(len(events)), key=lambda i: events[i].start_s)
    return TestScene(
        arrangement=arrangement,
        events=tuple(events[i] for i in order),
        samples=mixed * np.float32(min(1.0, 0.9 / peak)),
        group=group,
        parts=tuple(cut[i][1] for i in order),
    )


def together(scene: TestScene) -> Samples:
    """The sounds of a scene all at once, the shorter within the longer, [S]."""
    sounds = [(event.label, part) for event, part in zip(scene.events, scene.parts, strict=True)]
    rng = np.random.default_rng(scene.group)
    return _place(sounds, Arrangement.OVERLAP, scene.group, rng).samples


def _starts(
    lengths: Sequence[int], arrangement: Arrangement, total: int, rng: np.random.Generator
) -> list[int]:
    """First samples: one after the other with a small gap, or the shorter within the longer."""
    if arrangement is Arrangement.OVERLAP:
        longer = max(lengths)
        begin = int(rng.integers(total - longer + 1))
        return [begin + int(rng.integers(longer - length + 1)) for length in lengths]
    gaps = [round(rng.uniform(0.0, 0.6) * SAMPLE_RATE) for _ in lengths[1:]]
    begin = int(rng.integers(total - sum(lengths) - sum(gaps) + 1))
    starts = [begin]
    for length, gap in zip(lengths, gaps, strict=False):
        starts.append(starts[-1] + length + gap)
    return starts
