"""Filters: ``duration<10 and format=wav and name~door``, parsed into a condition for SQL.

Values never become part of the SQL text; they travel as parameters.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tokenalign.errors import TokenAlignError
from tokenalign.library.names import comparable
from tokenalign.metadata.fields import known_field

FILTER_HELP = """\
A filter compares fields with values, joined by and, or, not and parentheses:

  duration<10 and format=wav and name~door
  (rate>=48000 or channels>2) and not folder~"old takes"
  modified>=2024-05-01 and size<=2MB
  favourite and not collection="used before"
  category=doors and description~creak

Fields: duration (seconds), format (wav aiff flac ogg mp3), channels, rate (Hz), name, path,
folder, size (bytes, or with kB, MB, GB), modified (a day: YYYY-MM-DD), favourite (alone, or =yes
or =no), collection (one that the sound is in), and what files say of themselves: category,
subcategory, description, tag, title, artist, library, scene and so on.
Comparisons: = != for all; < <= > >= for numbers and days; ~ (contains) for texts. != also finds
what says nothing there. Capitals make no difference. Values with spaces or signs stand in
"double" or 'single' quotes."""

LONGEST = 1000
DEEPEST = 40

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
class _Token:
    kind: str
    text: str
    position: int


@dataclass(frozen=True)
class _Field:
    column: str
    operators: frozenset[str]
    condition: Callable[[str, str, str], Filter]
    """Of column, operator and the value's text; ValueError if that is no such value."""
    alone: str = ""
    """The value that is meant when the field stands alone; empty if it cannot."""


def parse_filter(text: str) -> Filter:
    """A filter from its text; an empty one lets everything through.

    Raises:
        TokenAlignError: it is not a filter; the message says at which character.
    """
    if not text.strip():
        return EVERYTHING
    if len(text) > LONGEST:
        raise TokenAlignError(f"the filter is longer than {LONGEST} characters", FILTER_HELP)
    return _Parser(_tokens(text)).whole()


class _Parser:
    """Recursive descent: or binds least, then and, then not."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Filter:
        found = self._either()
        if self._peek().kind != "end":
            raise _error(self._peek(), "expected and, or, or the end")
        return found

    def _either(self) -> Filter:
        found = self._both()
        while self._take_word("or"):
            found = _joined(found, "OR", self._both())
        return found

    def _both(self) -> Filter:
        found = self._negated()
        while self._take_word("and"):
            found = _joined(found, "AND", self._negated())
        return found

    def _negated(self) -> Filter:
        negated = False
        while self._take_word("not"):
            negated = not negated
        found = self._group() if self._peek().text == "(" else self._comparison()
        return Filter(f"NOT {found.sql}", found.parameters) if negated else found

    def _group(self) -> Filter:
        opening = self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise _error(opening, f"more than {DEEPEST} parentheses inside each other")
        found = self._either()
        if self._peek().text != ")":
            raise _error(self._peek(), "expected )")
        self._take()
        self._depth -= 1
        return found

    def _comparison(self) -> Filter:
        name = self._take()
        field = _field_called(name)
        if field.alone and self._peek().kind != "operator":
            return field.condition(field.column, "=", field.alone)
        operator = self._take()
        if operator.kind != "operator":
            raise _error(operator, f"expected a comparison after {name.text}")
        if operator.text not in field.operators:
            allowed = " ".join(sorted(field.operators))
            raise _error(operator, f"{name.text} can be compared by {allowed}")
        value = self._take()
        if value.kind not in ("word", "quoted"):
            raise _error(value, "expected a value")
        try:
            return field.condition(field.column, operator.text, value.text)
        except (ValueError, OverflowError) as error:
            raise _error(value, f"{value.text!r} is not a value for {name.text}") from error

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek()
        self._next = min(self._next + 1, len(self._tokens) - 1)  # the end is never passed
        return token

    def _take_word(self, word: str) -> bool:
        token = self._peek()
        if token.kind == "word" and token.text.lower() == word:
            self._take()
            return True
        return False


def _joined(left: Filter, operator: str, right: Filter) -> Filter:
    sql = f"({left.sql} {operator} {right.sql})"
    return Filter(sql, left.parameters + right.parameters)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<operator><=|>=|!=|<|>|=|~)
      | (?P<parenthesis>[()])
      | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
      | (?P<word>[^\s()<>=!~"']+)
      | (?P<end>$)
    )""",
    re.VERBOSE,
)


def _tokens(text: str) -> list[_Token]:
    """The words and signs of a filter; the last one is its end."""
    tokens: list[_Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:]
            start = position + len(rest) - len(rest.lstrip())
            raise _error(_Token("", "", start), f"unexpected {text[start]!r}")
        kind = "quoted" if match.lastgroup in ("double", "single") else match.lastgroup
        tokens.append(_Token(kind, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    return tokens


def _error(token: _Token, complaint: str, hint: str = FILTER_HELP) -> TokenAlignError:
    return TokenAlignError(f"filter, character {token.position + 1}: {complaint}", hint)


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
    begin, end = (
        int(datetime(each.year, each.month, each.day).timestamp() * 1e9)
        for each in (day, day + timedelta(days=1))
    )
    conditions: dict[str, tuple[str, tuple[Value, ...]]] = {
        "=": (f"({column} >= ? AND {column} < ?)", (begin, end)),
        "!=": (f"({column} < ? OR {column} >= ?)", (begin, end)),
        "<": (f"({column} < ?)", (begin,)),
        "<=": (f"({column} < ?)", (end,)),
        ">": (f"({column} >= ?)", (end,)),
        ">=": (f"({column} >= ?)", (begin,)),
    }
    return Filter(*conditions[operator])


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


def _metadata(field: str) -> _Field:
    """What files say of themselves; `field` is one of those that `known_field` names."""
    return _Field(
        "text", _TEXTUAL, _among(f"SELECT hash FROM metadata WHERE field = '{field}' AND")
    )


_ORDERED = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TEXTUAL = frozenset({"=", "!=", "~"})

FIELDS = {
    "duration": _Field("duration_s", _ORDERED, _number),
    "format": _Field("format", _TEXTUAL, _text),
    "channels": _Field("channels", _ORDERED, _number),
    "rate": _Field("sample_rate", _ORDERED, _number),
    "name": _Field("name_text", _TEXTUAL, _text),
    "path": _Field("path_text", _TEXTUAL, _text),
    "folder": _Field("folder_text", _TEXTUAL, _text),
    "size": _Field("size", _ORDERED, _size),
    "modified": _Field("mtime_ns", _ORDERED, _day),
    "favourite": _Field(
        "hash IN (SELECT hash FROM favourites)", frozenset({"=", "!="}), _flag, alone="yes"
    ),
    "collection": _Field(
        "text",
        _TEXTUAL,
        _among(
            "SELECT members.hash FROM members JOIN collections ON collections.id = collection WHERE"
        ),
    ),
    "category": _metadata("Category"),
    "subcategory": _metadata("Subcategory"),
    "description": _metadata("Description"),
    "tag": _metadata("Keywords"),
    "title": _metadata("Title"),
    "artist": _metadata("Artist"),
}
"""Further names of metadata, such as ``library`` and ``scene``, are understood as well."""


def _field_called(name: _Token) -> _Field:
    if name.kind != "word":
        raise _error(name, "expected a field")
    called = name.text.lower()
    if called in FIELDS:
        return FIELDS[called]
    if field := known_field(called):
        return _metadata(field)
    near = difflib.get_close_matches(called, FIELDS, n=1, cutoff=0)
    raise _error(name, f"unknown field {name.text!r}", f"did you mean {near[0]!r}?")
