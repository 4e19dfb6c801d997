"""Captions of training scenes: what is said is true, and what is true of others is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tokenalign.query import parse
from tokenalign.query.types import ANYTIME, NEGATED
from trainer.captions import (
    KINDS,
    Caption,
    describe,
    describes_as_well,
    describes_fully,
    describes_truly,
    read,
    swapped,
)
from trainer.scenes import Arrangement, PlacedSound, TrainingScene
from trainer.wordings import load_further, load_templates

WORDINGS = {
    "dog": ("a dog barks", "barking"),
    "rain": ("rain falls",),
    "bell": ("a bell rings", "church bells"),
    "cat": ("a cat meows",),
}


def scene(arrangement: Arrangement, **spans: tuple[int, int]) -> TrainingScene:
    return TrainingScene(
        arrangement,
        tuple(PlacedSound(label, *span) for label, span in spans.items()),
        np.zeros((1024, 64), np.float32),
        1024,
    )


DOG = scene(Arrangement.SINGLE, dog=(0, 100))
DOG_THEN_RAIN = scene(Arrangement.SEQUENCE, dog=(0, 100), rain=(150, 300))
RAIN_THEN_DOG = scene(Arrangement.SEQUENCE, rain=(0, 100), dog=(150, 300))
DOG_WHILE_RAIN = scene(Arrangement.OVERLAP, dog=(0, 300), rain=(100, 200))
DOG_RAIN_BELL = scene(Arrangement.SEQUENCE, dog=(0, 100), rain=(150, 300), bell=(300, 400))
DOG_RAIN_BELL_AT_ONCE = scene(Arrangement.OVERLAP, dog=(0, 300), rain=(50, 200), bell=(50, 90))
DOG_THEN_BOTH = scene(Arrangement.THEN_TOGETHER, dog=(0, 100), rain=(150, 400), bell=(200, 300))
SCENES = {
    "dog": DOG,
    "dog then rain": DOG_THEN_RAIN,
    "rain then dog": RAIN_THEN_DOG,
    "dog while rain": DOG_WHILE_RAIN,
    "dog, rain, bell": DOG_RAIN_BELL,
}


def caption(**ranks: int) -> Caption:
    """Phrases that name these labels, with these ranks."""
    return Caption("", tuple(ranks), tuple(ranks), tuple(ranks.values()))


def spelled(value: object) -> str | None:
    """The name of a case: labels and ranks."""
    if not isinstance(value, Caption):
        return None
    return " ".join(f"{a}={b}" for a, b in zip(value.labels, value.ranks, strict=True))


@pytest.mark.parametrize(
    ("said", "true_of"),
    [
        (caption(dog=0), ["dog"]),
        (caption(rain=0), []),
        (caption(dog=0, rain=NEGATED), ["dog"]),
        (caption(dog=0, cat=NEGATED), ["dog"]),
        (caption(dog=0, rain=1), ["dog then rain", "dog while rain"]),
        (caption(rain=0, dog=1), ["rain then dog"]),
        (caption(dog=0, rain=0), ["dog while rain"]),
        (caption(dog=0, rain=ANYTIME), ["dog then rain", "rain then dog", "dog while rain"]),
        (caption(dog=0, rain=1, bell=2), ["dog, rain, bell"]),
        (caption(dog=0, bell=1, rain=2), []),
        (caption(dog=0, rain=0, bell=1), []),
        (caption(dog=0, rain=1, bell=NEGATED), ["dog then rain", "dog while rain"]),
        (caption(dog=0, rain=1, bell=ANYTIME), ["dog, rain, bell"]),
        (caption(rain=NEGATED), []),
    ],
    ids=spelled,
)
def test_a_caption_describes_the_scenes_that_it_names_all_of(
    said: Caption, true_of: list[str]
) -> None:
    assert [name for name, one in SCENES.items() if describes_fully(said, one)] == true_of


@pytest.mark.parametrize(
    ("said", "true_of"),
    [
        (caption(dog=0), list(SCENES)),
        (caption(dog=0, rain=1), ["dog then rain", "dog while rain", "dog, rain, bell"]),
        (caption(rain=0, dog=1), ["rain then dog"]),
        (caption(dog=0, bell=1), ["dog, rain, bell"]),
        (caption(bell=0, dog=1), []),
    ],
    ids=spelled,
)
def test_a_caption_is_true_of_scenes_in_which_more_sounds(
    said: Caption, true_of: list[str]
) -> None:
    assert [name for name, one in SCENES.items() if describes_truly(said, one)] == true_of


def test_a_swapped_caption_tells_the_order_wrong_and_the_rest_right() -> None:
    told = caption(dog=0, rain=1, bell=2, cat=ANYTIME, wind=NEGATED)

    assert swapped(told) == caption(dog=2, rain=1, bell=0, cat=ANYTIME, wind=NEGATED)
    for without_order in (caption(dog=0), caption(dog=0, rain=0), caption(dog=0, cat=ANYTIME)):
        assert swapped(without_order) is None


@pytest.mark.parametrize("one", [DOG_RAIN_BELL_AT_ONCE, DOG_THEN_BOTH])
def test_what_is_said_of_a_crowd_is_true_of_it(one: TrainingScene) -> None:
    rng = np.random.default_rng(1)
    templates = load_templates().training | load_further().crowded

    captions = [describe(one, WORDINGS, templates, rng) for _ in range(100)]

    assert all(describes_truly(said, one) for said in captions)
    full = [said for said in captions if len(said.labels) == 3]
    assert len(full) > 50
    expected = [0, 0, 0] if one is DOG_RAIN_BELL_AT_ONCE else [0, 1, 1]
    assert all(sorted(said.ranks) == expected for said in full)
    assert all(describes_fully(said, one) for said in full)
    assert not any(describes_fully(said, DOG_RAIN_BELL) for said in full)


def test_a_tail_belongs_to_the_phrase_that_it_follows() -> None:
    rng = np.random.default_rng(1)
    templates, tails = load_templates().training, load_further().tails

    captions = [describe(DOG_WHILE_RAIN, WORDINGS, templates, rng, tails=tails) for _ in range(99)]

    tailed = [said for said in captions if any(p.endswith(tails) for p in said.phrases)]
    assert 15 < len(tailed) < 50
    assert all(describes_truly(said, DOG_WHILE_RAIN) for said in tailed)


@pytest.mark.parametrize("kind", load_further().audiocaps)
def test_captions_in_the_manner_of_audiocaps_are_read_in_order(kind: str) -> None:
    named = {"oboe solo": 0, "zither strumming": 1, "a tuba plays": 2}
    for template in load_further().audiocaps[kind]:
        phrases = parse(template.format(**dict(zip("abc", named, strict=True)))).phrases
        told = {phrase.text: phrase.rank for phrase in phrases}
        assert told == {text: 0 if kind == "overlap" else named[text] for text in told}
        assert len(told) == (3 if kind == "triple" else 2)


@pytest.mark.parametrize("name", SCENES)
def test_what_is_said_of_a_scene_is_true_of_it(name: str) -> None:
    rng = np.random.default_rng(1)
    templates = load_templates().training | load_further().crowded
    one = SCENES[name]
    where = {sound.label: (sound.start, sound.end) for sound in one.sounds}

    captions = [describe(one, WORDINGS, templates, rng) for _ in range(200)]

    for said in captions:
        assert all(
            phrase in WORDINGS[label] and phrase in said.text
            for phrase, label in zip(said.phrases, said.labels, strict=True)
        )
        ranks = dict(zip(said.labels, said.ranks, strict=True))
        wanted = {label: rank for label, rank in ranks.items() if rank != NEGATED}
        assert set(wanted) <= set(where)
        assert not {label for label, rank in ranks.items() if rank == NEGATED} & set(where)
        timed = sorted((rank, *where[label]) for label, rank in wanted.items() if rank >= 0)
        for (rank, start, end), (later_rank, later_start, _) in pairwise(timed):
            assert start < later_start
            assert later_rank > rank or later_start < end
    assert len({said.text for said in captions}) > 10
    full = [said for said in captions if set(said.labels) >= set(where)]
    assert len(full) > 100
    assert all(describes_fully(said, one) for said in full)


def test_all_kinds_of_templates_are_used_and_exist() -> None:
    templates = load_templates().training | load_further().crowded
    for kinds in KINDS.values():
        assert sum(odds for _, odds in kinds) == pytest.approx(1.0)
        assert {kind for kind, _ in kinds} <= set(templates)


def test_a_caption_is_read_by_the_products_parser() -> None:
    said = read("rain falls after a dog barks", {"rain falls": "rain", "a dog barks": "dog"})

    assert said == Caption(
        "rain falls after a dog barks", ("a dog barks", "rain falls"), ("dog", "rain"), (0, 1)
    )


def test_a_caption_that_is_read_otherwise_is_none() -> None:
    assert read("a dog and a cat fight", {"a dog and a cat": "dog"}) is None


def test_wordings_that_never_stand_in_a_template_are_an_error() -> None:
    with pytest.raises(ValueError, match="were not read as they were meant"):
        describe(
            DOG,
            {"dog": ("x then y",), "cat": ("z then q",)},
            load_templates().training,
            np.random.default_rng(1),
        )


def test_a_caption_of_a_part_describes_all_scenes_with_that_part_as_well() -> None:
    others = [name for name, one in SCENES.items() if describes_as_well(caption(dog=0), one, DOG)]
    assert others == ["dog"]
    part = [one for one in SCENES.values() if describes_as_well(caption(dog=0), one, DOG_THEN_RAIN)]
    assert part == list(SCENES.values())
    ordered = caption(dog=0, bell=1)
    assert describes_as_well(ordered, DOG_THEN_BOTH, DOG_RAIN_BELL)
    assert not describes_as_well(ordered, DOG_THEN_RAIN, DOG_RAIN_BELL)
