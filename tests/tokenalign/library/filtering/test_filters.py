"""Filters against a second evaluation of the same tree in Python, and their complaints."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokenalign.errors import TokenAlignError
from tokenalign.library.files.names import comparable
from tokenalign.library.filtering.filters import FILTER_HELP, parse_filter

COLUMNS = (
    "duration_s, format, channels, sample_rate, name_text, path_text, folder_text, size, mtime_ns"
)
FIELDS = ("duration", "format", "channels", "rate", "name", "path", "folder", "size", "modified")
# and what stands for no column of its own
OTHERS = ("below", "favourite", "collection", "says")


@dataclass(frozen=True)
class Sound:
    """What the filters look at, in the order of `FIELDS`."""

    facts: tuple[object, ...]


def sound(path: str, *, seconds: float, day: str, rate: int = 48_000, size: int = 1000) -> Sound:
    folder, name = path.rsplit("/", 1)
    suffix = name.rsplit(".", 1)[1]
    moment = int(datetime.fromisoformat(day).timestamp() * 1e9)
    return Sound((seconds, suffix, 2, rate, name, path, folder, size, moment))


SOUNDS = (
    sound("/lib/Doors/Front DOOR slam.wav", seconds=1.5, day="2024-05-01T00:00:00"),
    sound("/lib/Doors/creak.flac", seconds=10.0, day="2024-05-01T23:59:59", size=2_000_000),
    sound("/lib/Rain/Regen März.wav", seconds=600.25, day="2024-05-02T00:00:00", rate=96_000),
    sound("/lib/Rain/100% 'wet' or dry.ogg", seconds=9.99, day="2023-12-31T12:00:00", rate=44_100),
    sound("/lib/and/not.mp3", seconds=0.5, day="2025-01-01T08:00:00", size=1_999_999),
)

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE sounds (number, {COLUMNS})")
    for number, each in enumerate(SOUNDS):
        facts = [comparable(fact) if isinstance(fact, str) else fact for fact in each.facts]
        marks = ", ".join("?" * (1 + len(facts)))
        connection.execute(f"INSERT INTO sounds VALUES ({marks})", (number, *facts))
    return connection


def passed(database: sqlite3.Connection, text: str) -> list[int]:
    condition = parse_filter(text)
    statement = f"SELECT number FROM sounds WHERE {condition.sql} ORDER BY number"
    return [row[0] for row in database.execute(statement, condition.parameters)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("duration<10 and format=wav and name~door", [0]),
        ("DURATION <= 10 AND NOT Format = FLAC", [0, 3, 4]),
        ("format=flac or format=ogg and rate>50000", [1]),
        ("(format=flac or format=ogg) and rate<50000", [1, 3]),
        ("not format=wav and not (format=ogg or format=mp3)", [1]),
        ("not not format=ogg", [3]),
        ("name~MÄRZ", [2]),
        ("name~ma\u0308rz", [2]),
        ("name~\"100% 'wet'\"", [3]),
        ("name~'%'", [3]),
        ("name~_", []),
        ("name=not.mp3 or folder=/lib/and", [4]),
        ("folder~and", [4]),
        ("path~/doors/", [0, 1]),
        ("below=/lib/Rain", [2, 3]),
        ("below=/lib/Rai", []),
        ("below!=/lib/rain/", [0, 1, 4]),
        ("below=/lib", [0, 1, 2, 3, 4]),
        ("below='/lib/Rain/Regen März.wav'", [2]),
        ("below=/Rain", []),
        ("below=/", [0, 1, 2, 3, 4]),
        ("name!='creak.flac'", [0, 2, 3, 4]),
        ("size>=2MB", [1]),
        ("size>1.999999mb", [1]),
        ("size<2 or size='2000000 b'", [1]),
        ("channels=2 and rate>=44100", [0, 1, 2, 3, 4]),
        ("modified=2024-05-01", [0, 1]),
        ("modified!=2024-05-01", [2, 3, 4]),
        ("modified<2024-05-01", [3]),
        ("modified<=2024-05-01", [0, 1, 3]),
        ("modified>2024-05-01", [2, 4]),
        ("modified>=2024-05-01", [0, 1, 2, 4]),
        ("modified<1960-01-01", []),
        ("modified>1960-01-01", [0, 1, 2, 3, 4]),
    ],
)
def test_by_hand(database: sqlite3.Connection, text: str, expected: list[int]) -> None:
    assert passed(database, text) == expected


@pytest.fixture(scope="module")
def marked() -> sqlite3.Connection:
    """Five sounds, of which two are favourites, two in a collection, and two say something."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        """
        CREATE TABLE sounds (number, hash);
        INSERT INTO sounds VALUES (0, x'00'), (1, x'01'), (2, x'02'), (3, x'03'), (4, x'04');
        CREATE TABLE favourites (hash);
        INSERT INTO favourites VALUES (x'00'), (x'03');
        CREATE TABLE collections (id, name, text);
        INSERT INTO collections VALUES (7, 'For the Film', 'for the film'), (8, 'B', 'b');
        CREATE TABLE members (collection, hash);
        INSERT INTO members VALUES (7, x'03'), (7, x'04'), (8, x'04');
        CREATE TABLE metadata (hash, field, value, text);
        INSERT INTO metadata VALUES
            (x'01', 'Category', 'DOORS', 'doors'), (x'01', 'Keywords', 'Wood', 'wood'),
            (x'02', 'Category', 'RAIN', 'rain'), (x'02', 'FX name', 'Creak', 'creak');
        """
    )
    return connection


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("favourite", [0, 3]),
        ("Favourite = YES", [0, 3]),
        ("favourite=no", [1, 2, 4]),
        ("favourite!=yes", [1, 2, 4]),
        ("not favourite", [1, 2, 4]),
        ("(favourite)", [0, 3]),
        ("favourite and collection='FOR THE FILM'", [3]),
        ("collection~film or favourite", [0, 3, 4]),
        ("collection!=b", [0, 1, 2, 3]),
        ("collection=film", []),
        ("category=Doors", [1]),
        ("category!=doors", [0, 2, 3, 4]),
        ("category~r", [1, 2]),
        ("tag=wood", [1]),
        ("keywords=wood", [1]),
        ("FXName~creak", [2]),
        ("description~creak", []),
        ("not category~r and not favourite", [4]),
    ],
)
def test_marks_and_metadata(marked: sqlite3.Connection, text: str, expected: list[int]) -> None:
    assert passed(marked, text) == expected


@pytest.mark.parametrize(
    ("text", "position", "complaint"),
    [
        ("durtion<10", 1, "unknown field 'durtion'"),
        ("format=wav and nam~x", 16, "unknown field 'nam'"),
        ("duration~10", 9, "duration can be compared by != < <= = > >="),
        ("name<b", 5, "name can be compared by != = ~"),
        ("duration<ten", 10, "'ten' is not a value for duration"),
        ("duration<nan", 10, "'nan' is not a value"),
        ("modified>2024-02-30", 10, "'2024-02-30' is not a value for modified"),
        ("modified>9999-12-31", 10, "is not a value for modified"),
        ("size>3XB", 6, "'3XB' is not a value for size"),
        ("duration", 9, "expected a comparison after duration"),
        ("duration<", 10, "expected a value"),
        ("below~/lib", 6, "below can be compared by != ="),
        ("below=''", 8, "'' is not a value for below"),
        ("favourite=maybe", 11, "'maybe' is not a value for favourite"),
        ("favourite yes", 11, "expected and, or, or the end"),
        ("collection", 11, "expected a comparison after collection"),
        ("(duration<3", 12, "expected )"),
        ("duration<3)", 11, "expected and, or, or the end"),
        ("duration<3 format=wav", 12, "expected and, or, or the end"),
        ("duration<3 and", 15, "expected a field"),
        ("name~'open", 6, 'unexpected "\'"'),
        ("duration<3; drop table files", 10, "'3;' is not a value"),
        ("()", 2, "expected a field"),
    ],
)
def test_complaints_name_the_place(text: str, position: int, complaint: str) -> None:
    with pytest.raises(TokenAlignError) as raised:
        parse_filter(text)
    assert raised.value.message.startswith(f"filter, character {position}: ")
    assert complaint in raised.value.message


def test_an_unknown_field_brings_the_nearest_one() -> None:
    with pytest.raises(TokenAlignError) as raised:
        parse_filter("durtion<10")
    assert raised.value.hint == "did you mean 'duration'?"


def test_hostile_sizes_are_refused_politely() -> None:
    for text in ("(" * 500, "not " * 240 + "x=1", "(" * 41 + "rate=1" + ")" * 41, "a" * 5000):
        with pytest.raises(TokenAlignError):
            parse_filter(text)
    assert parse_filter("(" * 40 + "rate=1" + ")" * 40).parameters == (1.0,)


def test_values_never_reach_the_sql() -> None:
    condition = parse_filter("name='x) OR 1=1 --' and path~\"; DROP TABLE files\"")
    assert condition.sql == "((name_text = ?) AND (instr(path_text, ?) > 0))"
    assert condition.parameters == ("x) or 1=1 --", "; drop table files")


def test_help_speaks_of_every_field_and_its_examples_parse() -> None:
    for name in (*FIELDS, *OTHERS):
        assert name in FILTER_HELP
    examples = [line.strip() for line in FILTER_HELP.splitlines() if line.startswith("  ")]
    assert len(examples) == 6
    assert all(parse_filter(example).parameters for example in examples)


Tree = tuple[str, Callable[[Sound], bool]]
"""A filter's text, and what it should say of a sound."""


def comparison(field: str, sign: str, value: object, text: str) -> Tree:
    place = FIELDS.index(field)

    def holds(each: Sound) -> bool:
        fact = each.facts[place]
        if isinstance(fact, str):
            fact, wanted = comparable(fact), comparable(str(value))
            return wanted in fact if sign == "~" else COMPARE[sign](fact, wanted)
        return COMPARE[sign](fact, value)

    return (f"{field}{sign}{text}", holds)


numbers = st.builds(
    lambda field, sign, value: comparison(field, sign, value, str(value)),
    st.sampled_from(["duration", "channels", "rate", "size"]),
    st.sampled_from(sorted(COMPARE)),
    st.sampled_from([0, 2, 9.99, 10.0, 44_100, 48_000, 2_000_000]),
)
texts = st.builds(
    lambda field, sign, value: comparison(field, sign, value, f'"{value}"'),
    st.sampled_from(["format", "name", "path", "folder"]),
    st.sampled_from(["=", "!=", "~"]),
    st.one_of(
        st.sampled_from(["wav", "FLAC", "/lib/Rain", "creak.flac", "or", "%", "_", ""]),
        st.text(st.characters(exclude_characters='"'), max_size=5),
    ),
)


def branch(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    both = st.tuples(trees, trees)
    return st.one_of(
        both.map(lambda t: (f"({t[0][0]}) and {t[1][0]}", lambda s: t[0][1](s) and t[1][1](s))),
        both.map(lambda t: (f"({t[0][0]} or {t[1][0]})", lambda s: t[0][1](s) or t[1][1](s))),
        trees.map(lambda t: (f"not ({t[0]})", lambda s: not t[1](s))),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=st.recursive(st.one_of(numbers, texts), branch, max_leaves=6))
def test_as_python_would_have_it(database: sqlite3.Connection, tree: Tree) -> None:
    text, holds = tree
    expected = [number for number, each in enumerate(SOUNDS) if holds(each)]
    assert passed(database, text) == expected


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_is_a_filter_or_a_complaint(text: str) -> None:
    with suppress(TokenAlignError):
        parse_filter(text)
