"""Test recordings of a minute, with many sounds: which of them holds a moment, and when it is.

As in audio moment retrieval (Munakata et al. 2024, arXiv 2409.15672), the best moment is right
where what it shares with the true one is at least half of what the two cover (R1@0.5), or seven
tenths (R1@0.7). It is looked for in the recording that the caption was written of, though a caption
may be true of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.metrics.bootstrap import interval
from tokenalign.metrics.grounding import temporal_iou
from tokenalign.metrics.retrieval import average_precision_at, ranks, recall_at
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.protocol import Row, Sounds
from trainer.evaluation.scenes import NOISE_RMS, SAMPLE_RATE, Samples, TestEvent

MINUTE_S = 60.0
EVENTS = 8
LONGEST_S = 5.0
LEAST_GAP_S = 0.3
AMBIENCE_DB = -12.0
"""Level of a place's own sound, against that of the sounds before they are varied."""

RIGHT = (0.5, 0.7)
"""Least intersections over union of a moment that is right."""


@dataclass(frozen=True)
class Minute:
    """A test recording.

    Attributes:
        events: in order of time; none overlaps another, no label comes twice.
        samples: [S] at `SAMPLE_RATE`.
        ambience: label of what sounds faintly under all of it; "" without any. Whether it holds
            that, nobody is asked.
    """

    events: tuple[TestEvent, ...]
    samples: Samples
    ambience: str = ""

    def holds(self, labels: Sequence[str]) -> bool:
        """Whether all labels sound, in this order."""
        order = [event.label for event in self.events]
        if not set(labels) <= set(order):
            return False
        places = [order.index(label) for label in labels]
        return places == sorted(places)


@dataclass(frozen=True)
class Wanted:
    """What a caption asks for.

    Attributes:
        text: the caption.
        labels: one, or two in order of time.
        own: number of the recording that it was written of.
        span_s: from when to when it sounds there, in seconds.
    """

    text: str
    labels: tuple[str, ...]
    own: int
    span_s: tuple[float, float]


def draw_minutes(
    sounds: Sounds, count: int, seed: int, *, over_ambience: bool = False
) -> list[Minute]:
    """Recordings, the same for the same seed.

    Args:
        sounds: by label (three at least), calls that give a ready recording.
        count: how many.
        seed: of every choice.
        over_ambience: whether a recording of a sound that is not in it lies under each, again and
            again without a gap; all else stays as it is without.
    """
    minutes = [_minute(sounds, np.random.default_rng((seed, n))) for n in range(count)]
    if over_ambience:
        draws = (np.random.default_rng((seed, n, 1)) for n in range(count))
        minutes = [_over(one, sounds, rng) for one, rng in zip(minutes, draws, strict=True)]
    return [_within_peak(one) for one in minutes]


def _minute(sounds: Sounds, rng: np.random.Generator) -> Minute:
    count = min(EVENTS, len(sounds) - 1)  # one is left for the ambience
    labels = [str(label) for label in rng.choice(sorted(sounds), count, replace=False)]
    longest = round(LONGEST_S * SAMPLE_RATE)
    parts = [sounds[label][int(rng.integers(len(sounds[label])))]()[:longest] for label in labels]
    total = round(MINUTE_S * SAMPLE_RATE)
    least = round(LEAST_GAP_S * SAMPLE_RATE)
    free = total - sum(map(len, parts)) - least * count
    # Cut at random places, what is free falls to the gaps: before, between and behind.
    waits = np.diff(np.sort(rng.integers(free + 1, size=count)), prepend=0)
    samples = rng.normal(0.0, NOISE_RMS, total).astype(np.float32)
    events, at = [], 0
    for label, part, wait in zip(labels, parts, waits.tolist(), strict=True):
        at += wait
        samples[at : at + len(part)] += part * np.float32(10 ** (rng.uniform(-6.0, 6.0) / 20))
        events.append(TestEvent(label, at / SAMPLE_RATE, (at + len(part)) / SAMPLE_RATE))
        at += len(part) + least
    return Minute(tuple(events), samples)


def _over(minute: Minute, sounds: Sounds, rng: np.random.Generator) -> Minute:
    label = str(rng.choice(sorted({*sounds} - {event.label for event in minute.events})))
    recording = sounds[label][int(rng.integers(len(sounds[label])))]()
    bed = np.resize(recording, len(minute.samples)) * np.float32(10 ** (AMBIENCE_DB / 20))
    return replace(minute, samples=minute.samples + bed, ambience=label)


def _within_peak(minute: Minute) -> Minute:
    peak = float(np.abs(minute.samples).max())
    return replace(minute, samples=minute.samples * np.float32(min(1.0, 0.9 / peak)))


def ask(
    minutes: Sequence[Minute], captions: TestCaptions, rng: np.random.Generator
) -> list[Wanted]:
    """Two captions of each recording: of one sound, and of two that follow each other."""
    wanted = []
    for own, minute in enumerate(minutes):
        one = minute.events[int(rng.integers(len(minute.events)))]
        first = int(rng.integers(len(minute.events) - 1))
        for events in ((one,), minute.events[first : first + 2]):
            labels = tuple(event.label for event in events)
            kind = "single" if len(labels) == 1 else str(rng.choice(("forward", "reversed")))
            span_s = (events[0].start_s, events[-1].end_s)
            wanted.append(Wanted(captions.of_kind(kind, labels), labels, own, span_s))
    return wanted


def minute_rows(
    model: Model,
    minutes: Sequence[Minute],
    captions: TestCaptions,
    seed: int,
    *,
    name: str = "minutes",
) -> Iterator[Row]:
    """Whether recordings of a minute are found, and the moments in them.

    Args:
        model: the bundle at hand.
        minutes: of recordings that it was not trained on; without any, nothing is measured.
        captions: how they are written.
        seed: of what is asked.
        name: of the rows.
    """
    if not minutes:
        return
    clips = [model.encode_audio(minute.samples, SAMPLE_RATE) for minute in minutes]
    wanted = ask(minutes, captions, np.random.default_rng(seed))
    for kind, events in (("one sound", 1), ("in order", 2)):
        asked = [one for one in wanted if len(one.labels) == events]
        true = np.array([[minute.holds(one.labels) for minute in minutes] for one in asked])
        open_ = np.array([[minute.ambience in one.labels for minute in minutes] for one in asked])
        scores = model.score([one.text for one in asked], clips)
        found = ranks(np.where(open_, -np.inf, scores), true)
        yield _row(f"{name}, {kind}: R@1", recall_at(found, 1))
        yield _row(f"{name}, {kind}: mAP@10", average_precision_at(found, 10))
        shared = np.array([_shared(model, one, clips[one.own]) for one in asked])
        for least in RIGHT:
            yield _row(f"{name}, {kind}: moment R1@{least}", shared >= least)


def _shared(model: Model, wanted: Wanted, clip: Clip) -> float:
    """Intersection over union of the best moment and the true one."""
    best = model.moments(wanted.text, clip, limit=1)
    told = [(moment.start_s, moment.end_s) for moment in best]
    return temporal_iou(told, [wanted.span_s])


def _row(name: str, values: NDArray[np.floating] | NDArray[np.bool_]) -> Row:
    return Row(name, interval(100.0 * np.asarray(values, np.float64)))
