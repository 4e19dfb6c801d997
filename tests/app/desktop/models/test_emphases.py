"""Emphases in words, up and down, and carried over an edited caption."""

from __future__ import annotations

import pytest

from app.desktop.models.emphases import LADDER, WORDINGS, carried, climbed
from tokenalign.query import parse
from tokenalign.refinement import Emphasis

NORMAL, REQUIRED, BOOSTED = Emphasis.NORMAL, Emphasis.REQUIRED, Emphasis.BOOSTED
MUTED, NEGATED, REMOVED = Emphasis.MUTED, Emphasis.NEGATED, Emphasis.REMOVED


def test_every_emphasis_has_words_and_a_key_of_its_own() -> None:
    assert set(WORDINGS) == set(Emphasis)
    assert len({wording.key for wording in WORDINGS.values()}) == len(Emphasis)
    assert all(wording.choice and wording.tip for wording in WORDINGS.values())
    assert {one for one, wording in WORDINGS.items() if not wording.mark} == {NORMAL}


@pytest.mark.parametrize(
    ("emphasis", "steps", "reached"),
    [
        (NORMAL, 1, BOOSTED),
        (NORMAL, 2, REQUIRED),
        (NORMAL, 9, REQUIRED),
        (NORMAL, -1, MUTED),
        (MUTED, -1, NEGATED),
        (NEGATED, -1, NEGATED),
        (REQUIRED, -1, BOOSTED),
        (REMOVED, 1, BOOSTED),
        (BOOSTED, 0, BOOSTED),
    ],
)
def test_the_ladder_is_climbed_step_by_step_and_has_ends(
    emphasis: Emphasis, steps: int, reached: Emphasis
) -> None:
    assert climbed(emphasis, steps) is reached


def test_removing_is_no_rung() -> None:
    assert {*LADDER, REMOVED} == set(Emphasis)


def test_phrases_that_read_the_same_keep_their_emphasis_wherever_they_move() -> None:
    before = parse("a dog barks, then rain falls")
    after = parse("wind blows, then rain falls, then a dog barks")
    assert carried(before, (BOOSTED, NEGATED), after) == (NORMAL, NEGATED, BOOSTED)


def test_a_phrase_that_is_said_twice_has_two_emphases() -> None:
    twice = parse("a knock, then a knock")
    assert carried(twice, (MUTED, REQUIRED), twice) == (MUTED, REQUIRED)
    thrice = parse("a knock, then a knock, then a knock")
    assert carried(twice, (MUTED, REQUIRED), thrice) == (MUTED, REQUIRED, NORMAL)


def test_nothing_is_carried_to_nothing() -> None:
    assert carried(parse("rain"), (MUTED,), parse("")) == ()
