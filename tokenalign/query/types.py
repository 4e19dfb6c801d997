"""What a caption is understood as: phrases with character spans, relations and time groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_PHRASES = 8
"""The alignment graph is unrolled for this many phrases; more are ignored."""

NEGATED = -1
"""Rank of a phrase that must not sound."""

ANYTIME = -2
"""Rank of a phrase that must sound, no matter when ("and")."""


class Relation(StrEnum):
    """How a phrase joins those before it in time."""

    FIRST = "first"
    THEN = "then"
    WHILE = "while"
    AND = "and"
    WITHOUT = "without"


@dataclass(frozen=True)
class Phrase:
    """One sound that a caption speaks of.

    Attributes:
        text: the words, as written, without connectives and outer punctuation.
        start_char: where they begin in the caption.
        end_char: one past where they end, so that ``caption[start_char:end_char] == text``.
        relation: how the phrase joins those before it.
        rank: 0, 1, 2, ... for its group in time (equal: together), else NEGATED or ANYTIME.
    """

    text: str
    start_char: int
    end_char: int
    relation: Relation
    rank: int


@dataclass(frozen=True)
class Query:
    """A caption and its phrases, in order of time, negated ones last.

    A text without any phrase (empty, punctuation only) has none. ``ignored`` holds the texts of
    those that are more than `MAX_PHRASES`: the last wanted ones, and only then negated ones.
    """

    text: str
    phrases: tuple[Phrase, ...]
    ignored: tuple[str, ...] = ()
