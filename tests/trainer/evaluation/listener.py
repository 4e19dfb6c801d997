"""Listeners whose answers are known: one that hears all, others deaf to a thing.

Each sound is a constant of its own, so that a listener reads off the samples what sounds when.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.query import NEGATED, Query, parse
from trainer.evaluation.scenes import SAMPLE_RATE, TestEvent, TestScene
from trainer.scenes import Arrangement
from trainer.wordings import load_wordings

LABELS = ("cat", "dog", "rain", "siren")
STEP = 0.01
"""Label k is the constant STEP * 2 ** k, so that a sum tells which labels are in it."""

WORDS = {label: (w.plain, *w.paraphrases) for label, w in load_wordings().items()}
LABEL_OF = {phrase: label for label in LABELS for phrase in WORDS[label]}


def sound(label: str, duration_s: float = 2.0) -> NDArray[np.float32]:
    level = STEP * 2 ** LABELS.index(label)
    return np.full(round(duration_s * SAMPLE_RATE), level, np.float32)


def scene(arrangement: Arrangement, group: int, **starts_s: float) -> TestScene:
    """Sounds of two seconds that start at these times."""
    samples = np.zeros(10 * SAMPLE_RATE, np.float32)
    events = []
    for label, start_s in starts_s.items():
        first = round(start_s * SAMPLE_RATE)
        samples[first : first + 2 * SAMPLE_RATE] += sound(label)
        events.append(TestEvent(label, start_s, start_s + 2.0))
    return TestScene(arrangement, tuple(events), samples, group, tuple(map(sound, starts_s)))


SCENES = [
    scene(Arrangement.SINGLE, 0, dog=1.0),
    scene(Arrangement.SINGLE, 1, rain=2.0),
    scene(Arrangement.SINGLE, 2, cat=6.0),
    scene(Arrangement.SEQUENCE, 3, dog=1.0, rain=3.5),
    scene(Arrangement.SEQUENCE, 3, rain=1.0, dog=3.5),
    scene(Arrangement.SEQUENCE, 4, cat=0.0, siren=2.0),
    scene(Arrangement.SEQUENCE, 4, siren=4.0, cat=6.5),
    scene(Arrangement.OVERLAP, 5, rain=3.0, cat=3.5),
]


def spans_of(clip: Clip) -> dict[str, tuple[float, float]]:
    """When each label sounds, in seconds, from its first frame to its last."""
    spans = {}
    for label, sounding in zip(LABELS, clip.frames.T > 0, strict=True):
        where = np.flatnonzero(sounding)
        if len(where):
            spans[label] = (
                float(clip.frame_edges_s[where[0]]),
                float(clip.frame_edges_s[where[-1] + 1]),
            )
    return spans


class Listener:
    """Stands for a model.

    Args:
        deaf_to: any of "order", "overlap", "negation" and "anything".
        credulous: hears every phrase everywhere.
    """

    bundle = SimpleNamespace(thresholds=SimpleNamespace(match=0.5), reranking=None)

    def __init__(self, *deaf_to: str, credulous: bool = False) -> None:
        self.deaf_to = deaf_to
        self.credulous = credulous

    def encode_audio(self, samples: NDArray[np.float32], sample_rate: int) -> Clip:
        """Frames of a tenth of a second, [M, labels]: 1 where a label sounds in the middle."""
        sums = np.rint(samples[sample_rate // 20 :: sample_rate // 10] / STEP).astype(int)
        frames = (sums[:, None] >> np.arange(len(LABELS)) & 1).astype(np.float32)
        return Clip(
            frames=frames,
            mask=np.ones(len(frames), bool),
            frame_edges_s=np.arange(len(frames) + 1) / 10,
            windows=frames.max(axis=0, keepdims=True),
            window_starts=np.zeros(1, np.int64),
            duration_s=len(samples) / sample_rate,
        )

    def score(self, captions: Sequence[str], clips: Sequence[Clip]) -> NDArray[np.float64]:
        return np.array(
            [[self._fit(parse(text), spans_of(clip)) for clip in clips] for text in captions]
        )

    def _fit(self, query: Query, spans: dict[str, tuple[float, float]]) -> float:
        if "anything" in self.deaf_to:
            return 0.3
        if self.credulous:
            return 0.9
        ranks = {LABEL_OF.get(phrase.text): phrase.rank for phrase in query.phrases}
        denied = {label for label, rank in ranks.items() if rank == NEGATED}
        wanted = set(ranks) - (set() if "negation" in self.deaf_to else denied)
        fit = np.mean([label in spans for label in wanted]) - 0.1 * len(set(spans) - wanted)
        timed = sorted((rank, *spans[label]) for label, rank in ranks.items()
                       if label in spans and rank >= 0)  # fmt: skip
        for (rank, start_s, end_s), (later, later_start_s, _) in pairwise(timed):
            if rank < later and "order" not in self.deaf_to:
                fit -= 0.3 * (later_start_s < start_s)
            if rank == later and "overlap" not in self.deaf_to:
                fit -= 0.3 * (later_start_s >= end_s)
        return float(fit)

    def encode_text(self, text: str) -> SimpleNamespace:
        """It does not tell what it knows."""
        return SimpleNamespace(query=parse(text), unknown_phrases=())

    def ground(self, text: str, clip: Clip) -> SimpleNamespace:
        edges_s = np.arange(101) * 0.1
        span = (
            (0.0, 10.0)
            if self.credulous
            else spans_of(clip).get(LABEL_OF.get(text, ""), (0.0, 0.0))
        )
        middle = (edges_s[1:] + edges_s[:-1]) / 2
        inside = (middle >= span[0]) & (middle < span[1])
        found = bool(inside.any())
        phrase = SimpleNamespace(
            score=float(found),
            found=found,
            segments=(SimpleNamespace(start_s=span[0], end_s=span[1]),) if found else (),
            frame_scores=inside.astype(np.float32),
            frame_edges_s=edges_s,
        )
        return SimpleNamespace(phrases=(phrase,))

    def moments(self, text: str, clip: Clip, *, limit: int) -> list[SimpleNamespace]:
        """From the first of the wanted sounds to the last; all of it for who hears all."""
        assert limit == 1
        wanted = {LABEL_OF.get(phrase.text) for phrase in parse(text).phrases}
        spans = [span for label, span in spans_of(clip).items() if label in wanted]
        if self.credulous:
            spans = [(0.0, clip.duration_s)]
        return [
            SimpleNamespace(start_s=min(starts), end_s=max(ends))
            for starts, ends in ([*zip(*spans, strict=True)],)
        ]
