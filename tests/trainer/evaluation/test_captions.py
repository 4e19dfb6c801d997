"""Captions of test scenes name what sounds, in the order of time."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.query import parse
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.scenes import TestEvent, TestScene
from trainer.scenes import Arrangement
from trainer.wordings import load_templates

WORDINGS = {"dog": ("a dog barks", "barking"), "rain": ("rain falls", "rainfall")}


def captions(seed: int = 1) -> TestCaptions:
    return TestCaptions(WORDINGS, load_templates().evaluation, seed)


def scene(arrangement: Arrangement, *labels: str) -> TestScene:
    events = tuple(TestEvent(label, float(i), i + 1.0) for i, label in enumerate(labels))
    silence = np.zeros(1, np.float32)
    return TestScene(arrangement, events, silence, 0, (silence,) * len(labels))


def ranked(text: str) -> list[tuple[str, int]]:
    """Labels of a caption's phrases, and their time groups."""
    label_of = {phrase: label for label, phrases in WORDINGS.items() for phrase in phrases}
    return [(label_of[phrase.text], phrase.rank) for phrase in parse(text).phrases]


@pytest.mark.parametrize(
    ("arrangement", "labels", "expected"),
    [
        (Arrangement.SINGLE, ["dog"], [("dog", 0)]),
        (Arrangement.SEQUENCE, ["dog", "rain"], [("dog", 0), ("rain", 1)]),
        (Arrangement.SEQUENCE, ["rain", "dog"], [("rain", 0), ("dog", 1)]),
    ],
)
def test_a_scenes_caption_is_read_as_the_scene_is(
    arrangement: Arrangement, labels: list[str], expected: list[tuple[str, int]]
) -> None:
    drawn = captions()
    texts = [drawn.of_scene(scene(arrangement, *labels)) for _ in range(40)]

    assert all(ranked(text) == expected for text in texts)
    assert len(set(texts)) > 1


def test_an_overlaps_caption_puts_its_sounds_together() -> None:
    drawn = captions()

    for _ in range(40):
        text = drawn.of_scene(scene(Arrangement.OVERLAP, "dog", "rain"))
        assert sorted(ranked(text)) == [("dog", 0), ("rain", 0)]


@pytest.mark.parametrize("kind", ["forward", "reversed"])
def test_order_kinds_say_the_same_in_both_ways(kind: str) -> None:
    drawn = captions()

    for _ in range(40):
        text = drawn.from_words(kind, ["barking", "rainfall"])
        assert ranked(text) == [("dog", 0), ("rain", 1)]
        assert (text.index("barking") < text.index("rainfall")) is (kind == "forward")


def test_captions_are_the_same_for_the_same_seed() -> None:
    one, same, other = (captions(seed) for seed in (1, 1, 2))

    texts = [[c.of_kind("forward", ["dog", "rain"]) for _ in range(10)] for c in (one, same, other)]

    assert texts[0] == texts[1] != texts[2]
