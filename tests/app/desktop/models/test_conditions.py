"""Filters as conditions side by side, to and from the library's grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop.models.conditions import (
    FAVOURITE,
    Condition,
    Part,
    Written,
    at_place,
    collection_of,
    parts_of,
    said,
    where_of,
    with_collection_called,
)
from tokenalign.library.filtering.fields import EVERYTHING
from tokenalign.library.filtering.filters import parse_filter


def parameters(where: str) -> list[str]:
    return [str(value) for value in parse_filter(where).parameters]


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("", ()),
        ("  ", ()),
        ("format=wav", (Condition("format", "=", "wav"),)),
        (
            'Duration<=10 AND folder ~ "old takes"',
            (Condition("duration", "<=", "10"), Condition("folder", "~", "old takes")),
        ),
        ("""name~'say "a"'""", (Condition("name", "~", 'say "a"'),)),
        ("favourite", (FAVOURITE,)),
        ("favourite and rate>=48000", (FAVOURITE, Condition("rate", ">=", "48000"))),
        ("name~a and Favourite ", (Condition("name", "~", "a"), FAVOURITE)),
        ("favourite=yes", (FAVOURITE,)),
        ("not favourite", (Written("not favourite"),)),
        ("favourite or format=wav", (Written("favourite or format=wav"),)),
        ("(format=wav)", (Written("(format=wav)"),)),
        ("format=wav and", (Written("format=wav and"),)),
        (" duration< ", (Written("duration<"),)),
    ],
)
def test_a_filter_is_taken_apart(where: str, parts: tuple[Part, ...]) -> None:
    assert parts_of(where) == parts


@pytest.mark.parametrize(
    "where",
    [
        "format=wav",
        "duration<=10 and folder~'old takes' and favourite",
        "favourite and not collection='a'",
        "(rate>=48000 or channels>2) and not folder~old",
        "modified>=2024-05-01 and size<=2MB",
        """name~'say "a"' and tags~"it's\"""",
    ],
)
def test_taken_apart_and_joined_it_means_the_same(where: str) -> None:
    assert parse_filter(where_of(parts_of(where))) == parse_filter(where)


def test_no_parts_let_everything_through() -> None:
    assert parse_filter(where_of(())) == EVERYTHING


def test_a_written_part_keeps_to_itself_beside_others() -> None:
    parts = (Written("format=wav or format=flac"), Condition("channels", "=", "2"))
    assert where_of(parts) == "(format=wav or format=flac) and channels=2"
    assert where_of(parts[:1]) == "format=wav or format=flac"


@pytest.mark.parametrize(
    "value", ["and", "not", "old takes", "c:/sounds/é", "a\nb", "(", "a=b", "it's", 'an 8" cut', ""]
)
def test_any_value_is_quoted_as_the_grammar_wants_it(value: str) -> None:
    condition = Condition("name", "~", value)
    assert parameters(str(condition)) == [value]
    assert parts_of(str(condition)) == (condition,)


def test_a_value_with_both_quotes_becomes_pieces_that_must_all_be_met() -> None:
    where = str(Condition("name", "~", """it's 8" long"""))
    assert parameters(where) == ["it's 8", '" long']


def test_a_folder_with_both_quotes_is_looked_for_in_paths() -> None:
    assert str(Condition("below", "=", "/my takes")) == 'below="/my takes"'
    where = str(Condition("below", "=", """/it's 8" long"""))
    assert where == """path~"/it's 8" and path~'" long'"""
    assert parameters(where) == ["/it's 8", '" long']


@given(st.text("ab \"'()=~<\\\n", max_size=20), st.sampled_from(["name", "tags", "collection"]))
def test_no_value_can_break_out_of_its_quotes(value: str, field: str) -> None:
    beside = Condition("format", "=", "wav")
    pieces = parameters(where_of((Condition(field, "~", value), beside)))
    assert pieces.pop() == "wav"
    assert "".join(pieces) == value


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (FAVOURITE, "favourite"),
        (Condition("favourite", "=", "no"), "favourite no"),
        (Condition("channels", "=", "1"), "mono"),
        (Condition("channels", "=", "2"), "stereo"),
        (Condition("channels", "=", "6"), "6 channels"),
        (Condition("channels", ">", "2"), "channels > 2"),
        (Condition("rate", ">=", "44100"), "rate ≥ 44.1 kHz"),
        (Condition("rate", ">=", "fast"), "rate ≥ fast Hz"),
        (Condition("duration", "<=", "10"), "duration ≤ 10 s"),
        (Condition("modified", ">=", "2024-05-01"), "modified ≥ 2024-05-01"),
        (Condition("format", "=", "wav"), "format wav"),
        (Condition("format", "!=", "wav"), "format ≠ wav"),
        (Condition("folder", "~", "old takes"), "folder ~ old takes"),
        (Condition("below", "=", "/old takes"), "below /old takes"),
        (Condition("name", "~", "a\u202eb\n"), "name ~ a\\u202eb\\n"),
        (Written("not favourite\x1b"), "not favourite\\x1b"),
    ],
)
def test_a_chip_says_it_in_few_words(part: Part, words: str) -> None:
    assert said(part) == words


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ('collection="for the film"', "for the film"),
        ("favourite and collection=rain", "rain"),
        ("collection~rain", ""),
        ("collection=rain and collection=wind", ""),
        ("not collection=rain", ""),
        ("", ""),
    ],
)
def test_which_collection_a_filter_shows(where: str, name: str) -> None:
    assert collection_of(where) == name


@pytest.mark.parametrize(
    ("where", "there"),
    [
        ("", "collection=Rain"),
        ("format=wav and duration<10", "collection=Rain and format=wav and duration<10"),
        ("below=/sounds and rate>=48000", "collection=Rain and rate>=48000"),
        ("collection=Wind and favourite", "collection=Rain"),
        ("collection!=Wind", "collection=Rain and collection!=Wind"),
        ("format=wav or format=flac", "collection=Rain and (format=wav or format=flac)"),
    ],
)
def test_another_place_is_looked_at_with_the_other_conditions(where: str, there: str) -> None:
    assert at_place(where, Condition("collection", "=", "Rain")) == there


@pytest.mark.parametrize(
    ("where", "renamed"),
    [
        ("", ""),
        ("collection=Rain", "collection=Storm"),
        ('format=wav and collection="rain"', "format=wav and collection=Storm"),
        ("collection!=RAIN", "collection!=Storm"),
        ("collection=Rainbow and name~Rain", "collection=Rainbow and name~Rain"),
        ("collection~Rain", "collection~Rain"),
        ("collection=Rain or favourite", "collection=Rain or favourite"),
    ],
)
def test_a_renamed_collection_keeps_its_meaning_in_filters(where: str, renamed: str) -> None:
    assert with_collection_called(where, "Rain", "Storm") == renamed
