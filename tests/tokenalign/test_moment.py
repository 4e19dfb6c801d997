"""Moments are read out of what is heard in a part: sounds in their order, near to each other."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.caption_encoding import EncodedCaption
from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.moment import PAUSE_S, WAIT_COST, narrowed
from tokenalign.query import parse
from tokenalign.query.types import Relation

Spans = list[tuple[float, float, float]]
"""Start, end, score."""


def moment_of(text: str, *heard: Spans, missed: tuple[int, ...] = ()) -> tuple[float, float]:
    """Start and end of the moment in a minute in which the phrases sound where it is said."""
    query = parse(text)
    edges_s = np.linspace(0.0, 60.0, 61)
    phrases = tuple(
        PhraseGrounding(
            text=phrase.text,
            relation=phrase.relation,
            start_char=phrase.start_char,
            end_char=phrase.end_char,
            score=1.0,
            found=row not in missed and phrase.relation is not Relation.WITHOUT,
            segments=tuple(Segment(*span) for span in spans),
            frame_scores=np.zeros(60, np.float32),
            frame_edges_s=edges_s,
        )
        for row, (phrase, spans) in enumerate(zip(query.phrases, heard, strict=True))
    )
    caption = EncodedCaption(
        query=query,
        phrases=np.zeros((len(phrases), 4), np.float32),
        rank=np.array([phrase.rank for phrase in query.phrases]),
        tokens=(),
        token_vectors=np.zeros((0, 4), np.float32),
    )
    grounding = Grounding(text, 0.7, phrases, (), np.zeros((0, 60), np.float32), edges_s)
    moment = narrowed(caption, grounding, part_s=(10.0, 20.0), border=0.5)
    assert (moment.score, moment.grounding) == (0.7, grounding)
    return moment.start_s, moment.end_s


def test_without_an_order_a_moment_is_the_hull_of_all_that_is_wanted() -> None:
    dogs: Spans = [(2.0, 3.0, 0.9), (8.0, 9.0, 0.85)]

    assert moment_of("a dog barks", dogs) == (2.0, 9.0)
    assert moment_of("a dog barks without rain", dogs, [(0.0, 20.0, 0.9)]) == (2.0, 9.0)


def test_what_is_less_clear_than_nine_tenths_of_the_clearest_is_left_out() -> None:
    dogs: Spans = [(2.0, 3.0, 0.79), (8.0, 9.0, 0.9), (14.0, 15.0, 0.82), (16.5, 17.0, 0.3)]

    assert moment_of("a dog barks", dogs) == (8.0, 15.0)


def test_in_order_each_sound_is_taken_once_and_the_nearest_one_follows() -> None:
    dogs: Spans = [(2.0, 3.0, 0.9), (30.0, 31.0, 0.9), (50.0, 51.0, 0.9)]
    rain: Spans = [(1.0, 1.5, 0.9), (12.0, 15.0, 0.9), (33.0, 36.0, 0.9)]

    assert moment_of("a dog barks, then rain falls", dogs, rain) == (30.0, 36.0)


@pytest.mark.parametrize(("later_s", "end_s"), [(9.0, 10.0), (18.0, 6.0)])
def test_a_clearer_sound_is_worth_a_wait_of_a_hundredth_a_second(
    later_s: float, end_s: float
) -> None:
    """0.92 after a wait of 2 s or 1.0 after 6 s: 0.90 < 0.94. After 15 s: 0.90 > 0.85."""
    rain: Spans = [(5.0, 6.0, 0.92), (later_s, later_s + 1.0, 1.0)]

    assert WAIT_COST == 0.01
    assert moment_of("a dog barks, then rain falls", [(2.0, 3.0, 1.0)], rain) == (2.0, end_s)


def test_a_sound_goes_on_after_a_pause() -> None:
    dogs: Spans = [(2.0, 3.0, 0.95), (3.0 + PAUSE_S, 5.0, 1.0), (9.0, 10.0, 0.2)]

    assert moment_of("a dog barks, then rain falls", dogs, [(6.0, 7.0, 0.9)]) == (2.0, 7.0)


def test_three_in_a_row() -> None:
    cats: Spans = [(1.0, 2.0, 0.9), (20.0, 21.0, 0.9)]
    cows: Spans = [(3.0, 4.0, 0.9), (23.0, 24.0, 0.9)]
    frogs: Spans = [(26.0, 27.0, 0.9)]

    assert moment_of("a cat, then a cow, then a frog", cats, cows, frogs) == (20.0, 27.0)


def test_sounds_at_once_count_as_one_with_the_nearest() -> None:
    first: Spans = [(1.0, 2.0, 0.9)]
    wind: Spans = [(10.0, 14.0, 0.9)]
    horns: Spans = [(13.0, 16.0, 0.9), (40.0, 41.0, 0.9)]

    found = moment_of("a bell, then wind while a horn honks", first, wind, horns)

    assert found == (1.0, 16.0)


def test_where_there_is_no_such_order_all_that_is_heard_is_shown() -> None:
    dogs, rain = [(20.0, 21.0, 0.9)], [(5.0, 6.0, 0.9)]

    assert moment_of("a dog barks, then rain falls", dogs, rain) == (5.0, 21.0)


def test_a_phrase_that_is_not_found_does_not_count_beside_one_that_is() -> None:
    dogs, rain = [(20.0, 21.0, 0.4)], [(25.0, 26.0, 0.1)]

    assert moment_of("a dog barks, then rain falls", dogs, rain, missed=(1,)) == (20.0, 21.0)
    assert moment_of("a dog barks, then rain falls", dogs, rain, missed=(0, 1)) == (20.0, 26.0)


def test_a_phrase_that_is_clear_at_its_place_counts_though_it_is_not_found() -> None:
    dogs, rain = [(20.0, 21.0, 0.9)], [(25.0, 26.0, 0.5)]

    assert moment_of("a dog barks, then rain falls", dogs, rain, missed=(1,)) == (20.0, 26.0)


def test_where_nothing_is_shown_the_moment_is_the_part() -> None:
    assert moment_of("a dog barks", []) == (10.0, 20.0)
