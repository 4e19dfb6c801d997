"""Filters: ``duration<10 and format=wav and name~door``, parsed into a condition.

As a rule that is one for SQL; a shared library has its own (`tokenalign.shared.conditions`).

SQL's values never become part of the SQL text; they travel as parameters.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tokenalign.errors import TokenAlignError
from tokenalign.library.filtering.fields import EVERYTHING, FIELDS, Field, Filter, field_called

FILTER_HELP = """\
A filter compares fields with values, joined by and, or, not and parentheses:

  duration<10 and format=wav and name~door
  (rate>=48000 or channels>2) and not folder~"old takes"
  modified>=2024-05-01 and size<=2MB
  favourite and not collection="used before"
  category=doors and description~creak
  says~"mind the gap"

Fields: duration (seconds), format (wav aiff flac ogg mp3 m4a), channels, rate (Hz), name, path,
folder, below (a folder whose sounds are meant, with those of all folders in it), size (bytes, or
with kB, MB, GB), modified (a day: YYYY-MM-DD), favourite (alone, or =yes or =no), collection (one
that the sound is in), says (whole words in a row of its transcript), and what files say of
themselves: category, subcategory, description, tag, title, artist, library, scene and so on.
Comparisons: = and != for all but says; < <= > >= for numbers and days; ~ (contains) for texts
other than below, and for says. below takes the full path of a folder. != also finds what says
nothing there. Capitals make no difference. Values with spaces or signs stand in
"double" or 'single' quotes."""

LONGEST = 1000
DEEPEST = 40

Condition = TypeVar("Condition")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


class Conditions(Protocol[Condition]):
    """What a filter becomes, comparison by comparison: SQL here, something else elsewhere."""

    def comparison(self, field: Field, operator: str, text: str) -> Condition:
        """One that the field allows; ValueError if the text is no value for it."""

    def joined(self, left: Condition, operator: str, right: Condition) -> Condition:
        """Both, or either: the operator is "AND" or "OR"."""

    def negated(self, condition: Condition) -> Condition:
        """Its opposite."""


class _InSql:
    """Conditions over the catalogue."""

    def comparison(self, field: Field, operator: str, text: str) -> Filter:
        return field.condition(field.column, operator, text)

    def joined(self, left: Filter, operator: str, right: Filter) -> Filter:
        sql = f"({left.sql} {operator} {right.sql})"
        return Filter(sql, left.parameters + right.parameters)

    def negated(self, condition: Filter) -> Filter:
        return Filter(f"NOT {condition.sql}", condition.parameters)


def parse_filter(text: str) -> Filter:
    """A filter from its text; an empty one lets everything through.

    Raises:
        TokenAlignError: it is not a filter; the message says at which character.
    """
    return parse_conditions(text, _InSql()) or EVERYTHING


def parse_conditions(text: str, conditions: Conditions[Condition]) -> Condition | None:
    """What a filter's text says, in these conditions; None if it lets everything through.

    Raises:
        TokenAlignError: as `parse_filter`.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise TokenAlignError(f"the filter is longer than {LONGEST} characters", FILTER_HELP)
    return _Parser(_tokens(text), conditions).whole()


class _Parser(Generic[Condition]):
    """Recursive descent: or binds least, then and, then not."""

    def __init__(self, tokens: list[_Token], conditions: Conditions[Condition]) -> None:
        self._tokens = tokens
        self._conditions = conditions
        self._next = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._either()
        if self._peek().kind != "end":
            raise _error(self._peek(), "expected and, or, or the end")
        return found

    def _either(self) -> Condition:
        found = self._both()
        while self._take_word("or"):
            found = self._conditions.joined(found, "OR", self._both())
        return found

    def _both(self) -> Condition:
        found = self._negated()
        while self._take_word("and"):
            found = self._conditions.joined(found, "AND", self._negated())
        return found

    def _negated(self) -> Condition:
        negated = False
        while self._take_word("not"):
            negated = not negated
        found = self._group() if self._peek().text == "(" else self._comparison()
        return self._conditions.negated(found) if negated else found

    def _group(self) -> Condition:
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

    def _comparison(self) -> Condition:
        name = self._take()
        field = _field_called(name)
        if field.alone and self._peek().kind != "operator":
            return self._conditions.comparison(field, "=", field.alone)
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
            return self._conditions.comparison(field, operator.text, value.text)
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


def _field_called(name: _Token) -> Field:
    if name.kind != "word":
        raise _error(name, "expected a field")
    field = field_called(name.text.lower())
    if field is not None:
        return field
    near = difflib.get_close_matches(name.text.lower(), FIELDS, n=1, cutoff=0)
    raise _error(name, f"unknown field {name.text!r}", f"did you mean {near[0]!r}?")
