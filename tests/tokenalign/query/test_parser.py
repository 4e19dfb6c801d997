"""What captions mean, and what holds for any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenalign.query import ANYTIME, MAX_PHRASES, NEGATED, Query, Relation, parse
from tokenalign.query.agreement import Labelled, read_labels
from tokenalign.query.grammar import CONNECTIVES

LABELS = Path(__file__).parent
FIRST, THEN, WHILE, AND, WITHOUT = Relation

# How long one example takes says something about the machine only.
unhurried = settings(deadline=None)


def meaning(caption: str) -> list[tuple[str, Relation, int]]:
    return [(one.text, one.relation, one.rank) for one in parse(caption).phrases]


@pytest.mark.parametrize("labelled", read_labels(LABELS / "own.jsonl"), ids=lambda one: one.caption)
def test_own_captions_mean_what_a_person_wrote_down(labelled: Labelled) -> None:
    assert tuple(meaning(labelled.caption)) == labelled.labels


SOUNDS = ["a dog barks", "rain", "birds sing", "an engine", "steps on gravel", "clock ticking"]
sounds = st.lists(st.sampled_from(SOUNDS), min_size=2, max_size=5)


@unhurried
@given(
    sounds,
    st.sampled_from([" then ", ", then ", " and then ", " followed by ", " before ", "; next "])
    | st.sampled_from([" precedes ", " ending with ", ", 5 seconds later ", " -> ", " → "]),
)
def test_later_words_sound_later(phrases: list[str], connective: str) -> None:
    expected = [(text, THEN if rank else FIRST, rank) for rank, text in enumerate(phrases)]
    assert meaning(connective.join(phrases)) == expected


@unhurried
@given(sounds, st.sampled_from([" after ", " preceded by ", ", right after ", ", but first "]))
def test_later_words_sound_earlier(phrases: list[str], connective: str) -> None:
    expected = [(text, THEN if rank else FIRST, rank) for rank, text in enumerate(phrases[::-1])]
    assert meaning(connective.join(phrases)) == expected


@unhurried
@given(sounds, st.sampled_from([" while ", " as ", " with ", " over ", " during ", ", while "]))
def test_together(phrases: list[str], connective: str) -> None:
    expected = [(text, WHILE if place else FIRST, 0) for place, text in enumerate(phrases)]
    assert meaning(connective.join(phrases)) == expected


@unhurried
@given(sounds, st.sampled_from([" and ", ", ", ", and ", " as well as ", "; ", ". ", " & ", "\n"]))
def test_in_any_order(phrases: list[str], connective: str) -> None:
    expected = [(phrases[0], FIRST, 0), *((text, AND, ANYTIME) for text in phrases[1:])]
    assert meaning(connective.join(phrases)) == expected


@unhurried
@given(
    sounds,
    st.sampled_from([" without ", ", no ", " but no ", " with no ", ", and not ", " w/o "]),
)
def test_absent(phrases: list[str], connective: str) -> None:
    expected = [(phrases[0], FIRST, 0), *((text, WITHOUT, NEGATED) for text in phrases[1:])]
    assert meaning(connective.join(phrases)) == expected


def test_both_wordings_of_an_order_mean_the_same() -> None:
    expected = [("a dog barks", FIRST, 0), ("rain falls", THEN, 1)]
    for caption in (
        "a dog barks then rain falls",
        "a dog barks before rain falls",
        "before rain falls, a dog barks",
        "rain falls after a dog barks",
        "after a dog barks, rain falls",
        "rain falls preceded by a dog barks",
        "first a dog barks, finally rain falls",
        "until rain falls, a dog barks",
        "starts with a dog barks, ends with rain falls",
        "rain falls five seconds after a dog barks",
        "please find a dog barks followed a few seconds later by rain falls",
    ):
        assert meaning(caption) == expected, caption


def test_groups_in_time() -> None:
    caption = "rain and wind, then hail while bells and birds, after steps, without cars or bees"
    assert meaning(caption) == [
        ("rain", FIRST, 0),
        ("wind", AND, ANYTIME),
        ("steps", THEN, 1),
        ("hail", THEN, 2),
        ("bells", WHILE, 2),
        ("birds", AND, ANYTIME),
        ("cars", WITHOUT, NEGATED),
        ("bees", WITHOUT, NEGATED),
    ]


@pytest.mark.parametrize(
    ("caption", "negated"),
    [
        ("rain without wind or hail then birds", ["wind", "hail"]),
        ("rain without wind, hail, or birds", ["wind", "hail", "birds"]),
        ("rain without wind, birds", ["wind"]),
        ("rain without wind, hail, birds", ["wind", "hail", "birds"]),
        ("rain without wind, hail, and birds", ["wind", "hail", "birds"]),
        ('rain without "door slams", hail, birds', ["door slams", "hail", "birds"]),
        ("rain without any wind noise, hail, birds", ["any wind noise", "hail", "birds"]),
        ("rain without wind, hail, a bird", ["wind"]),
        ("rain without wind, hail, dog barks", ["wind"]),
        ("rain without wind, hail, dogs bark", ["wind"]),
        ("rain without wind, humming, rattling", ["wind"]),
        ("rain without wind, loud, steady", ["wind"]),
        ("rain without wind and hail, birds", ["wind", "hail"]),
        ("rain without wind. Hail, birds", ["wind"]),
        ("rain without wind, hail, but with birds", ["wind"]),
        ("rain, no wind, hail, birds", ["wind"]),
        ("without wind, rain, hail", ["wind"]),
        ("rain -wind birds, hail, bees", ["wind"]),
        ("rain without wind but with birds", ["wind"]),
        ("a bus or a truck", []),
        ("no rain and the dog is not barking", ["rain", "the dog is not barking"]),
        ("the dog doesn't bark", ["the dog doesn't bark"]),
        ("not only rain but also wind", []),
        ("-wind, rain", ["wind"]),
        ("rain -wind birds", ["wind"]),
        ("rain -wind and hail then birds", ["wind"]),
        ("rain -wind -hail", ["wind", "hail"]),
        ('-"door slam" rain', ["door slam"]),
        ("rain after -wind", ["wind"]),
        ("an alarm -warning", ["warning"]),
        ("an alarm without warning", []),
        ('rain -"gusts, then hail"', ["gusts, then hail"]),
        ("lo-fi hum at -3 dB - rain", []),
    ],
)
def test_how_far_a_negation_reaches(caption: str, negated: list[str]) -> None:
    assert [one.text for one in parse(caption).phrases if one.rank == NEGATED] == negated


@pytest.mark.parametrize(
    "caption",
    [
        "withers andes thenar asphalt notes norway",
        "an engine gets faster and faster",
        "a voice over a loud speaker",
        "gate squeaks up and down, in and out",
        "an old, rusty gate",
        "a dog as loud as possible",
        "first aid siren",
        "a car passes left to right",
        "a man yelling no",
        "drums crash over and over",
        "waves crashing over rocks",
        "a guitar with reverb",
        "a -->b x=>y",
        "no one",
    ],
)
def test_words_that_only_look_like_connectives(caption: str) -> None:
    phrases = ["an old, rusty gate"] if "rusty" in caption else [caption]
    assert [one.text for one in parse(caption).phrases] == phrases


@pytest.mark.parametrize("caption", ["", " \n", ".,;!", "then", "and, but", "(", '""', "\ud800"])
def test_texts_without_a_sound_have_no_phrase(caption: str) -> None:
    assert parse(caption) == Query(text=caption, phrases=(), ignored=())


def test_phrases_past_the_most_are_ignored() -> None:
    names = [f"sound{number}" for number in range(MAX_PHRASES + 2)]
    query = parse(" then ".join(names))
    assert [one.text for one in query.phrases] == names[:MAX_PHRASES]
    assert list(query.ignored) == names[MAX_PHRASES:]


def test_what_must_not_sound_is_kept_before_further_wanted_sounds() -> None:
    wanted = [f"sound{number}" for number in range(MAX_PHRASES + 1)]
    query = parse(f"{' then '.join(wanted)}, without music or talk")
    assert [one.text for one in query.phrases] == [*wanted[: MAX_PHRASES - 2], "music", "talk"]
    assert [one.rank for one in query.phrases] == [*range(MAX_PHRASES - 2), NEGATED, NEGATED]
    assert list(query.ignored) == wanted[MAX_PHRASES - 2 :]


def test_one_wanted_sound_is_kept_however_many_must_not_sound() -> None:
    unwanted = [f"sound{number}" for number in range(MAX_PHRASES + 1)]
    query = parse(f"{' '.join(f'-{name}' for name in unwanted)}, rain then wind")
    assert [one.text for one in query.phrases] == ["rain", *unwanted[: MAX_PHRASES - 1]]
    assert list(query.ignored) == ["wind", *unwanted[MAX_PHRASES - 1 :]]


anything = st.text(st.characters(codec=None, exclude_categories=()))
word_salad = st.lists(
    st.sampled_from([*map(" ".join, list(CONNECTIVES)[::40]), *SOUNDS, *'",.;“”()-', "\ud800"])
).map(" ".join)


@unhurried
@given(anything | word_salad)
def test_any_text_gives_a_sound_query(caption: str) -> None:
    query = parse(caption)
    assert query == parse(caption)
    assert query.text == caption
    assert len(query.phrases) <= MAX_PHRASES
    for one in query.phrases:
        assert one.text
        assert one.text == caption[one.start_char : one.end_char]
        one.text.encode()
    check_ranks(query)


def check_ranks(query: Query) -> None:
    """Ranks count up from 0, and relations say the same as ranks."""
    last = -1
    for place, one in enumerate(query.phrases):
        if one.relation is WITHOUT:
            assert one.rank == NEGATED
            assert all(later.relation is WITHOUT for later in query.phrases[place:])
        elif one.relation is AND:
            assert one.rank == ANYTIME
            assert last >= 0
        else:
            expected = {FIRST: 0, THEN: last + 1, WHILE: last}[one.relation]
            assert one.rank == expected
            assert (one.relation is FIRST) == (place == 0)
            last = one.rank


@pytest.mark.parametrize(
    "unit",
    [
        "x",
        "a ",
        '"',
        "“",
        "a, ",
        "loud, ",
        "man and ",
        "a after b ",
        "no a, b or ",
        "without a, b, ",
        "a without b, c, ",
        "there is ",
        "(a ,",
    ],
)
def test_a_text_of_100_kb_is_read(unit: str) -> None:
    """Each of these would take minutes if reading took quadratic time."""
    caption = (unit * 100_000)[:100_000]
    query = parse(caption)
    assert all(one.text == caption[one.start_char : one.end_char] for one in query.phrases)
