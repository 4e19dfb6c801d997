"""The protocol, on listeners whose answers are known: one that hears all, others deaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.trainer.evaluation.listener import LABELS, SCENES, WORDS, Listener, sound, spans_of
from tokenalign.clip import Clip
from tokenalign.engine import Model
from trainer.evaluation import protocol
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.protocol import Row, TestSet, frame_truth
from trainer.evaluation.scenes import SAMPLE_RATE, TestEvent
from trainer.wordings import load_templates


def model(listener: Listener) -> Model:
    return cast(Model, listener)


@pytest.fixture
def drawn() -> TestSet:
    captions = TestCaptions(WORDS, load_templates().evaluation, seed=1)
    clips = [Listener().encode_audio(one.samples, SAMPLE_RATE) for one in SCENES]
    return TestSet(SCENES, clips, captions, [captions.of_scene(one) for one in SCENES])


Rows = Callable[[Model, TestSet], Iterator[Row]]


def values(rows: Rows, listener: Listener, test: TestSet) -> dict[str, float]:
    return {row.name: row.figure.value for row in rows(model(listener), test)}


def test_the_listener_hears_what_the_scenes_hold(drawn: TestSet) -> None:
    for one, clip in zip(SCENES, drawn.clips, strict=True):
        spans = {event.label: (event.start_s, event.end_s) for event in one.events}
        assert spans_of(clip) == spans


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
        def score(self, captions: Sequence[str], clips: Sequence[Clip]) -> NDArray[np.float64]:
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


def test_a_frame_is_true_if_its_middle_lies_in_the_event() -> None:
    edges_s = np.array([0.0, 0.16, 0.32, 0.48, 0.5])

    truth = frame_truth(edges_s, TestEvent("dog", 0.08, 0.4))

    assert truth.tolist() == [True, True, False, False]
