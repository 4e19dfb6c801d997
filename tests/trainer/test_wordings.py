"""Wordings are atomic for the parser, told apart by class, and held out where they say so."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from tokenalign.query import ANYTIME, NEGATED, Relation, parse
from trainer.sounds import training_wordings
from trainer.wordings import ByKind, load_templates, load_unknown, load_wordings

ESC50_CLASS_NAMES = """
    airplane breathing brushing_teeth can_opening car_horn cat chainsaw
    chirping_birds church_bells clapping clock_alarm clock_tick coughing cow
    crackling_fire crickets crow
    crying_baby dog door_wood_creaks door_wood_knock drinking_sipping engine fireworks footsteps
    frog glass_breaking hand_saw helicopter hen insects keyboard_typing laughing mouse_click pig
    pouring_water rain rooster sea_waves sheep siren sneezing snoring thunderstorm toilet_flush
    train vacuum_cleaner washing_machine water_drops wind"""
ESC50_CLASSES = set(ESC50_CLASS_NAMES.split())

CONNECTIVES = """
    and or but then with while whilst as before after without followed following preceded
    until during when over amid alongside plus meanwhile no not nor neither first next later
    finally"""
CONNECTING_WORDS = set(CONNECTIVES.split())

RELATIONS = {
    "single": (Relation.FIRST,),
    "forward": (Relation.FIRST, Relation.THEN),
    "reversed": (Relation.FIRST, Relation.THEN),
    "overlap": (Relation.FIRST, Relation.WHILE),
    "both": (Relation.FIRST, Relation.AND),
    "triple": (Relation.FIRST, Relation.THEN, Relation.THEN),
    "without": (Relation.FIRST, Relation.WITHOUT),
}
RANKS = {
    "single": (0,),
    "forward": (0, 1),
    "reversed": (0, 1),
    "overlap": (0, 0),
    "both": (0, ANYTIME),
    "triple": (0, 1, 2),
    "without": (0, NEGATED),
}
UNORDERED = {"overlap", "both"}
FILLERS = {"a": "oboe solo", "b": "zither strumming", "c": "a tuba plays loudly"}

WORDINGS = load_wordings()
UNKNOWN = load_unknown()
TEMPLATES = load_templates()


def _essence(phrase: str) -> str:
    """A phrase in lower case, without articles."""
    return " ".join(word for word in phrase.lower().split() if word not in {"a", "an", "the"})


def _phrases_of_classes() -> list[tuple[str, str]]:
    """Every phrase and its class."""
    return [
        (phrase, label)
        for label, wordings in WORDINGS.items()
        for phrase in (*wordings.training, wordings.plain, *wordings.paraphrases)
    ]


def _every_phrase() -> list[str]:
    named = [phrase for phrase, _ in _phrases_of_classes()]
    return [*named, *UNKNOWN.training, *UNKNOWN.calibration, *UNKNOWN.evaluation]


def _every_template() -> list[tuple[str, str]]:
    return [
        (kind, template)
        for templates in (TEMPLATES.training, TEMPLATES.evaluation)
        for kind, texts in templates.items()
        for template in texts
    ]


def test_every_class_has_wordings() -> None:
    assert set(WORDINGS) == ESC50_CLASSES


@pytest.mark.parametrize("label", sorted(ESC50_CLASSES))
def test_a_class_has_60_training_phrases_or_more_and_4_paraphrases(label: str) -> None:
    assert len(WORDINGS[label].training) >= 60
    assert len(WORDINGS[label].paraphrases) == 4


def test_unknown_sounds_have_at_least_160_phrases_on_each_side() -> None:
    assert len(UNKNOWN.training) >= 160
    assert len(UNKNOWN.evaluation) >= 160
    assert len(UNKNOWN.calibration) >= 60


@pytest.mark.parametrize("label", sorted(ESC50_CLASSES))
def test_held_out_wordings_differ_from_training_by_more_than_articles(label: str) -> None:
    wordings = WORDINGS[label]
    held_out = {_essence(phrase) for phrase in (wordings.plain, *wordings.paraphrases)}
    assert held_out.isdisjoint(map(_essence, wordings.training))


@pytest.mark.parametrize("label", sorted(ESC50_CLASSES))
def test_no_paraphrase_has_just_the_words_of_a_training_phrase(label: str) -> None:
    wordings = WORDINGS[label]
    trained = {frozenset(_essence(phrase).split()) for phrase in wordings.training}
    for phrase in wordings.paraphrases:
        assert frozenset(_essence(phrase).split()) not in trained, phrase


def test_no_phrase_occurs_twice_anywhere() -> None:
    repeated = {phrase for phrase, count in Counter(_every_phrase()).items() if count > 1}
    assert repeated == set()


def test_no_two_classes_share_a_phrase_but_for_articles() -> None:
    owners: dict[str, set[str]] = {}
    for phrase, label in _phrases_of_classes():
        owners.setdefault(_essence(phrase), set()).add(label)
    assert {phrase: labels for phrase, labels in owners.items() if len(labels) > 1} == {}


def test_unknown_sounds_are_disjoint_from_each_other_and_from_what_is_trained() -> None:
    uses = (UNKNOWN.training, UNKNOWN.calibration, UNKNOWN.evaluation)
    unknown = [_essence(phrase) for phrases in uses for phrase in phrases]
    rendered = chain.from_iterable(training_wordings().values())
    named = {_essence(phrase) for phrase in (*rendered, *(p for p, _ in _phrases_of_classes()))}
    assert len(set(unknown)) == len(unknown)
    assert named.isdisjoint(unknown)


def test_phrases_hold_no_connectives_and_no_punctuation() -> None:
    for phrase in _every_phrase():
        assert CONNECTING_WORDS.isdisjoint(phrase.lower().split()), phrase
        assert set(phrase).isdisjoint(',;:.!?&+{}"\n'), phrase
        assert phrase == " ".join(phrase.split())


@pytest.mark.parametrize("connective", [" with ", " and "])
def test_phrases_stay_whole_between_connectives(connective: str) -> None:
    for phrase in _every_phrase():
        caption = connective.join(("oboe solo", phrase, "zither strumming"))
        expected = ["oboe solo", phrase, "zither strumming"]
        assert [found.text for found in parse(caption).phrases] == expected


@pytest.mark.parametrize(("kind", "template"), _every_template())
def test_templates_are_read_in_order_of_time(kind: str, template: str) -> None:
    phrases = parse(template.format(**FILLERS)).phrases
    found = [phrase.text for phrase in phrases]
    expected = list(FILLERS.values())[: len(RELATIONS[kind])]
    if kind in UNORDERED:
        found, expected = sorted(found), sorted(expected)
    assert found == expected
    assert tuple(phrase.relation for phrase in phrases) == RELATIONS[kind]
    assert tuple(phrase.rank for phrase in phrases) == RANKS[kind]


@pytest.mark.parametrize("templates", [TEMPLATES.training, TEMPLATES.evaluation])
def test_templates_cover_every_kind(templates: ByKind) -> None:
    assert set(templates) == set(RELATIONS)


@pytest.mark.parametrize("template", [t for kind, t in _every_template() if kind == "reversed"])
def test_reversed_templates_write_the_later_sound_first(template: str) -> None:
    assert template.index("{b}") < template.index("{a}")


@pytest.mark.parametrize("template", [t for kind, t in _every_template() if kind == "forward"])
def test_forward_templates_write_the_earlier_sound_first(template: str) -> None:
    assert template.index("{a}") < template.index("{b}")


@pytest.mark.parametrize("kind", RELATIONS)
def test_evaluation_templates_are_kept_from_training(kind: str) -> None:
    bare_phrase = {"{a}"}
    held_out = set(TEMPLATES.evaluation[kind]) - bare_phrase
    assert held_out
    assert held_out.isdisjoint(TEMPLATES.training[kind])
