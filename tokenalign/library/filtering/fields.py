"""The fields that a filter compares, and what each comparison is in SQL."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tokenalign.library.files.names import comparable
from tokenalign.library.filtering.wording import in_words, tokens_of
from tokenalign.metadata.fields import known_field

Value = int | float | str


@dataclass(frozen=True)
class Filter:
    """A condition over the catalogue's view ``sounds``.

    Attributes:
        sql: with a ``?`` for each parameter.
        parameters: the values.
    """

    sql: str
    parameters: tuple[Value, ...]


EVERYTHING = Filter("1 = 1", ())


@dataclass(frozen=True)
class Field:
    """What a filter can name.

    Attributes:
        column: of the view, or what else `condition` is built around.
        operators: by which it can be compared.
    """

    column: str
    operators: frozenset[str]
    condition: Callable[[str, str, str], Filter]
    """Of column, operator and the value's text; ValueError if that is no such value."""
    alone: str = ""
    """The value that is meant when the field stands alone; empty if it cannot."""


def _number(column: str, operator: str, text: str) -> Filter:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text):
        raise ValueError(text)
    return Filter(f"({column} {operator} ?)", (float(text),))


def _size(column: str, operator: str, text: str) -> Filter:
    match = re.fullmatch(r"(.*?)\s*(b|kb|mb|gb)?", text, re.IGNORECASE)
    if match is None:
        raise ValueError(text)
    (number,) = _number(column, operator, match[1]).parameters
    factor = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3}[(match[2] or "").lower()]
    return Filter(f"({column} {operator} ?)", (float(number) * factor,))


def _text(column: str, operator: str, text: str) -> Filter:
    if operator == "~":
        return Filter(f"(instr({column}, ?) > 0)", (comparable(text),))
    return Filter(f"({column} {operator} ?)", (comparable(text),))


def _day(column: str, operator: str, text: str) -> Filter:
    """A day lasts from its first moment, here, up to the next day's."""
    day = date.fromisoformat(text)
    begin, end = (_first_moment_ns(each) for each in (day, day + timedelta(days=1)))
    conditions: dict[str, tuple[str, tuple[Value, ...]]] = {
        "=": (f"({column} >= ? AND {column} < ?)", (begin, end)),
        "!=": (f"({column} < ? OR {column} >= ?)", (begin, end)),
        "<": (f"({column} < ?)", (begin,)),
        "<=": (f"({column} < ?)", (end,)),
        ">": (f"({column} >= ?)", (end,)),
        ">=": (f"({column} >= ?)", (begin,)),
    }
    return Filter(*conditions[operator])


def _first_moment_ns(day: date) -> int:
    """Nanoseconds since 1970 at which a day begins: here, or in Greenwich where it lies before
    1970, as Windows knows no local time of then.
    """
    if day.year < 1970:
        return int((day - date(1970, 1, 1)).total_seconds() * 1e9)
    return int(datetime(day.year, day.month, day.day).timestamp() * 1e9)


def _flag(column: str, operator: str, text: str) -> Filter:
    """`column` is a condition itself."""
    asked = {"yes": True, "no": False}.get(text.lower())
    if asked is None:
        raise ValueError(text)
    return Filter(f"({column})" if asked == (operator == "=") else f"(NOT {column})", ())


def _among(members: str) -> Callable[[str, str, str], Filter]:
    """Condition that a sound is, or is not, one of those that have a text.

    Args:
        members: SQL for the hashes of these, with a condition on the text still to follow.
    """

    def condition(column: str, operator: str, text: str) -> Filter:
        inner = _text(column, "=" if operator == "!=" else operator, text)
        negation = "NOT " if operator == "!=" else ""
        return Filter(f"(hash {negation}IN ({members} {inner.sql}))", inner.parameters)

    return condition


_SAYING = """(id IN (SELECT file FROM transcripts WHERE instr(text, ?) > 0)
 OR hash IN (SELECT hash FROM metadata
             WHERE field = 'Transcript' AND instr(in_words(value), ?) > 0))"""


def _says(column: str, operator: str, text: str) -> Filter:
    """Which sounds say these words in a row."""
    if not tokens_of(text):
        raise ValueError(text)
    return Filter(column, (in_words(text),) * 2)


_BELOW = "(path_text = ? OR instr(path_text, ?) = 1)"


def _below(column: str, operator: str, text: str) -> Filter:
    """Which sounds lie in a folder, however deep."""
    if not text:
        raise ValueError(text)
    folder = comparable(text).rstrip(os.sep)
    negation = "NOT " if operator == "!=" else ""
    return Filter(f"({negation}{column})", (folder, folder + os.sep))


def _metadata(field: str) -> Field:
    """What files say of themselves; `field` is one of those that `known_field` names."""
    return Field("text", _TEXTUAL, _among(f"SELECT hash FROM metadata WHERE field = '{field}' AND"))


_ORDERED = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TEXTUAL = frozenset({"=", "!=", "~"})

SAYS = Field(_SAYING, frozenset({"~"}), _says)
"""What is said in a sound, by its transcript."""

FIELDS = {
    "duration": Field("duration_s", _ORDERED, _number),
    "format": Field("format", _TEXTUAL, _text),
    "channels": Field("channels", _ORDERED, _number),
    "rate": Field("sample_rate", _ORDERED, _number),
    "name": Field("name_text", _TEXTUAL, _text),
    "path": Field("path_text", _TEXTUAL, _text),
    "folder": Field("folder_text", _TEXTUAL, _text),
    "below": Field(_BELOW, frozenset({"=", "!="}), _below),
    "size": Field("size", _ORDERED, _size),
    "modified": Field("mtime_ns", _ORDERED, _day),
    "favourite": Field(
        "hash IN (SELECT hash FROM favourites)", frozenset({"=", "!="}), _flag, alone="yes"
    ),
    "collection": Field(
        "text",
        _TEXTUAL,
        _among(
            "SELECT members.hash FROM members JOIN collections ON collections.id = collection WHERE"
        ),
    ),
    "says": SAYS,
    "category": _metadata("Category"),
    "subcategory": _metadata("Subcategory"),
    "description": _metadata("Description"),
    "tag": _metadata("Keywords"),
    "title": _metadata("Title"),
    "artist": _metadata("Artist"),
}
"""Further names of metadata, such as ``library`` and ``scene``, are understood as well."""


def field_called(name: str) -> Field | None:
    """The field of this name, in small letters; None if there is none."""
    if name in FIELDS:
        return FIELDS[name]
    named = known_field(name)
    return _metadata(named) if named else None
