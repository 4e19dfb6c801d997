"""The protocol, on listeners whose answers are known: one that hears all, others deaf to a thing.

Each sound is a constant of its own, so that a listener reads off the samples what sounds when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.query import NEGATED, Query, parse
from trainer.evaluation import protocol
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.protocol import Row, TestSet, frame_truth, measure
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, TestEvent, TestScene
from trainer.scenes import Arrangement
from trainer.wordings import load_templates, load_wordings

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


@dataclass(frozen=True)
class Heard:
    """What stands for a clip: when each label sounds, in seconds."""

    spans: dict[str, tuple[float, float]]


class Listener:
    """Stands for a model.

    Args:
        deaf_to: any of "order", "overlap", "negation" and "anything".
        credulous: hears every phrase everywhere.
    """

    bundle = SimpleNamespace(thresholds=SimpleNamespace(match=0.5))

    def __init__(self, *deaf_to: str, credulous: bool = False) -> None:
        self.deaf_to = deaf_to
        self.credulous = credulous

    def encode_audio(self, samples: NDArray[np.float32], sample_rate: int) -> Heard:
        sums = np.rint(samples / STEP).astype(int)
        spans = {}
        for place, label in enumerate(LABELS):
            where = np.flatnonzero(sums >> place & 1)
            if len(where):
                spans[label] = (where[0] / sample_rate, (where[-1] + 1) / sample_rate)
        return Heard(spans)

    def score(self, captions: Sequence[str], clips: Sequence[Heard]) -> NDArray[np.float64]:
        return np.array(
            [[self._fit(parse(text), clip.spans) for clip in clips] for text in captions]
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

    def ground(self, text: str, clip: Heard) -> SimpleNamespace:
        edges_s = np.arange(101) * 0.1
        span = (0.0, 10.0) if self.credulous else clip.spans.get(LABEL_OF.get(text, ""), (0.0, 0.0))
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


def model(listener: Listener) -> Model:
    return cast(Model, listener)


@pytest.fixture
def drawn() -> TestSet:
    captions = TestCaptions(WORDS, load_templates().evaluation, seed=1)
    clips = [cast(Clip, Listener().encode_audio(one.samples, SAMPLE_RATE)) for one in SCENES]
    return TestSet(SCENES, clips, captions, [captions.of_scene(one) for one in SCENES])


Rows = Callable[[Model, TestSet], Iterator[Row]]


def values(rows: Rows, listener: Listener, test: TestSet) -> dict[str, float]:
    return {row.name: row.figure.value for row in rows(model(listener), test)}


def test_the_listener_hears_what_the_scenes_hold(drawn: TestSet) -> None:
    for one, clip in zip(SCENES, drawn.clips, strict=True):
        spans = {event.label: (event.start_s, event.end_s) for event in one.events}
        assert cast(Heard, clip).spans == spans


def test_retrieval_of_one_who_hears_all_and_of_one_who_hears_nothing(drawn: TestSet) -> None:
    perfect = values(protocol.retrieval_rows, Listener(), drawn)
    deaf = values(protocol.retrieval_rows, Listener("anything"), drawn)

    assert perfect == dict.fromkeys(
        [f"{way} {k}" for way in ("t2a", "a2t") for k in ("R@1", "R@5", "R@10", "mAP@10")], 100.0
    )
    # Ties take the average rank, 4.5 of 8.
    assert deaf["t2a R@1"] == 0.0
    assert deaf["t2a R@5"] == 100.0
    assert deaf["t2a mAP@10"] == pytest.approx(100 / 4.5)


def test_retrieval_asks_each_caption_for_its_clip_and_each_clip_for_its_caption(
    drawn: TestSet,
) -> None:
    class Table(Listener):
        def score(self, captions: Sequence[str], clips: Sequence[Heard]) -> NDArray[np.float64]:
            return np.array([[0.5, 0.4], [0.6, 0.7]])

    rows = values(protocol.retrieval_rows, Table(), drawn)

    assert rows["t2a R@1"] == 100.0  # 0.5 > 0.4 and 0.7 > 0.6
    assert rows["a2t R@1"] == 50.0  # 0.7 > 0.4, but 0.5 < 0.6


@pytest.mark.parametrize(("deaf_to", "expected"), [("", 100.0), ("order", 0.0), ("anything", 0.0)])
def test_order_groups(drawn: TestSet, deaf_to: str, expected: float) -> None:
    rows = values(protocol.order_rows, Listener(deaf_to), drawn)

    assert rows == {"order group, forward": expected, "order group, reversed": expected}


@pytest.mark.parametrize(("deaf_to", "expected"), [("", 100.0), ("anything", 25.0)])
def test_naming(deaf_to: str, expected: float) -> None:
    sounds = {label: [lambda label=label: sound(label)] for label in LABELS}

    rows = {r.name: r.figure.value for r in protocol.naming_rows(model(Listener(deaf_to)), sounds)}

    assert rows == {"naming, plain": expected, "naming, paraphrase": expected}


def test_grounding(drawn: TestSet) -> None:
    perfect = values(protocol.grounding_rows, Listener(), drawn)
    everywhere = values(protocol.grounding_rows, Listener(credulous=True), drawn)

    assert perfect == pytest.approx({"frame AUROC": 100.0, "pointing": 100.0, "mean IoU": 100.0})
    assert everywhere == pytest.approx({"frame AUROC": 50.0, "pointing": 20.0, "mean IoU": 20.0})


def test_rejection(drawn: TestSet) -> None:
    perfect = values(protocol.rejection_rows, Listener(), drawn)
    everywhere = values(protocol.rejection_rows, Listener(credulous=True), drawn)

    names = ["rejection AUROC", "heard, of phrases that sound", "heard, of phrases that do not"]
    assert perfect == dict(zip(names, [100.0, 100.0, 0.0], strict=True))
    assert everywhere == dict(zip(names, [50.0, 100.0, 100.0], strict=True))


@pytest.mark.parametrize(
    ("deaf_to", "expected"), [("", 100.0), ("negation", 0.0), ("anything", 0.0)]
)
def test_without(drawn: TestSet, deaf_to: str, expected: float) -> None:
    rows = values(protocol.without_rows, Listener(deaf_to), drawn)

    assert rows == {"without: A alone above A and B": expected}


@pytest.mark.parametrize(("deaf_to", "expected"), [("", 100.0), ("overlap", 0.0)])
def test_while(drawn: TestSet, deaf_to: str, expected: float) -> None:
    rows = values(protocol.while_rows, Listener(deaf_to), drawn)

    assert rows == {"while: overlap above sequence": expected}


@pytest.mark.parametrize(("credulous", "expected"), [(False, 0.0), (True, 100.0)])
def test_unknown_sounds(drawn: TestSet, credulous: bool, expected: float) -> None:
    rows = values(protocol.unknown_rows, Listener(credulous=credulous), drawn)

    assert rows == {
        "heard, of unknown sounds": expected,
        "unknown sounds that seem to match some clip": expected,
    }


def test_every_row_is_measured_once_in_percent() -> None:
    sounds = {label: [lambda label=label: sound(label)] for label in LABELS}

    rows = list(measure(model(Listener()), sounds, Counts(single=4, pairs=3, overlap=3), seed=1))

    assert len({row.name for row in rows}) == len(rows) == 22
    for row in rows:
        assert 0.0 <= row.figure.low <= row.figure.high <= 100.0 + 1e-9


def test_a_frame_is_true_if_its_middle_lies_in_the_event() -> None:
    edges_s = np.array([0.0, 0.16, 0.32, 0.48, 0.5])

    truth = frame_truth(edges_s, TestEvent("dog", 0.08, 0.4))

    assert truth.tolist() == [True, True, False, False]
