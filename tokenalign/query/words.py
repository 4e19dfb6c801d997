"""A caption cut into words, quoted runs and breaks, each with its place in the caption."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a piece of the caption is."""

    WORD = auto()
    QUOTED = auto()
    COMMA = auto()
    STOP = auto()


@dataclass(frozen=True)
class Word:
    """A word, a quoted run or a break.

    Attributes:
        kind: which of these.
        text: in lower case, with straight apostrophes. A quoted run has quotation marks around
            it, so that it is never taken for a word with a meaning of its own.
        start_char: where it begins in the caption, inside any quotation mark.
        end_char: one past where it ends, inside any quotation mark.
    """

    kind: Kind
    text: str
    start_char: int
    end_char: int


_COMMAS = ",:—–、，：،"
_STOPS = ";.!?…\n。；！？؛؟"
# Half of a character pair cannot be written as UTF-8, so no phrase may hold one.
_BROKEN = "\ud800-\udfff"
_QUOTES = '"“”„«»'

# Each quoted class leaves out its own marks, so that no mark is scanned past twice.
_PIECE = re.compile(
    rf"""
    "(?P<straight>[^"{_BROKEN}]+)" | “(?P<curly>[^“”{_BROKEN}]+)”
    | „(?P<low>[^„“”{_BROKEN}]+)[“”] | «(?P<angle>[^«»{_BROKEN}]+)»
    | (?P<minus>(?<!\S)-(?=[^\W\d_] | ["“„«]\w))
    | (?P<word>(?:[^\s{_COMMAS}{_STOPS}{_QUOTES}{_BROKEN}] | (?<=\d)[.,:–](?=\d))+)
    | (?P<stop>[{_STOPS}{_BROKEN}])
    | (?P<comma>[{_COMMAS}])
    """,
    re.VERBOSE,
)

# A word that no caption holds: "-warning" asks for no warning, while "without warning" describes.
_MINUS = "-"
_SHORTHAND = {
    "&": "and", "+": "and", "w/": "with", "w/o": "without",
    "->": "then", "-->": "then", "=>": "then", ">": "then", "→": "then",
}  # fmt: skip


def cut(caption: str) -> list[Word]:
    """The words, quoted runs and breaks of a caption, in the order they are written."""
    return list(_words(caption))


def _words(caption: str) -> Iterator[Word]:
    excluding = False
    for match in _PIECE.finditer(caption):
        group = match.lastgroup or ""
        start, end = match.span(group)
        if group in ("comma", "stop"):
            yield Word(Kind[group.upper()], caption[start], start, end)
        elif group == "minus":
            yield Word(Kind.WORD, _MINUS, start, end)
            excluding = True
        elif match[group].lower() in _SHORTHAND:
            yield Word(Kind.WORD, _SHORTHAND[match[group].lower()], start, end)
        elif group == "word" and not match[group].strip("-"):
            yield Word(Kind.COMMA, match[group], start, end)
        else:
            kind = Kind.WORD if group == "word" else Kind.QUOTED
            yield from _sounding(caption, start, end, kind)
            if excluding:  # that alone: as elsewhere, what comes next is wanted again
                yield Word(Kind.COMMA, ",", end, end)
                excluding = False


def _sounding(caption: str, start: int, end: int, kind: Kind) -> Iterator[Word]:
    """The word between two places without its outer punctuation, if anything is left."""
    while start < end and not _is_sounding(caption[start]):
        start += 1
    while start < end and not (_is_sounding(caption[end - 1]) or _is_mark(caption[end - 1])):
        end -= 1
    if start < end:
        text = caption[start:end].lower().replace("’", "'")
        yield Word(kind, f'"{text}"' if kind is Kind.QUOTED else text, start, end)


def _is_sounding(character: str) -> bool:
    """Whether a character can be all there is of a word: a letter, a digit, an emoji."""
    return character.isalnum() or unicodedata.category(character) == "So"


def _is_mark(character: str) -> bool:
    """Whether a character belongs to the letter before it: accents, vowel signs."""
    return unicodedata.category(character).startswith("M")
