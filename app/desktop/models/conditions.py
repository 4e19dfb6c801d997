"""Filters as conditions that stand side by side: to and from the text of the library's grammar.

A text that is more than conditions joined by "and" stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.desktop.models.text import plain_text


@dataclass(frozen=True)
class Condition:
    """A field compared with a value, as ``folder~Field``."""

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        """In the grammar of `tokenalign.library.filtering.filters`."""
        pieces = _quoted(self.value)
        field, operator = self.field, self.operator
        if len(pieces) > 1 and operator == "=":  # in pieces, it can only be contained
            field, operator = "path" if field == "below" else field, "~"
        return " and ".join(f"{field}{operator}{piece}" for piece in pieces)


@dataclass(frozen=True)
class Written:
    """A filter that is kept as its author wrote it."""

    text: str

    def __str__(self) -> str:
        """As written."""
        return self.text


Part = Condition | Written

FAVOURITE = Condition("favourite", "=", "yes")

_COMPARISON = re.compile(
    r"""\s*+(?P<field>[^\s()<>=!~"']++)\s*+(?P<operator><=|>=|!=|<|>|=|~)\s*+
    (?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<word>[^\s()<>=!~"']++))\s*+""",
    re.VERBOSE,
)
_ALONE = re.compile(r"\s*+favourite(?:\s++(?=and\s)|\s*+$)", re.IGNORECASE)
_AND = re.compile(r"and(?=\s)", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.:/-]+")
_PIECES = re.compile(r"""[^"]+|[^']+""")
_PLACES = frozenset({"below", "collection"})
_UNITS = {"duration": " s", "rate": " Hz", "channels": "", "size": "", "modified": ""}
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


def below(folder: Path) -> Condition:
    """Sounds of a folder and of those in it."""
    return Condition("below", "=", str(folder))


def in_collection(name: str) -> Condition:
    """Sounds of a collection."""
    return Condition("collection", "=", name)


def parts_of(where: str) -> tuple[Part, ...]:
    """The conditions of a filter; what is not a plain list of them is one part as written."""
    if not where.strip():
        return ()
    parts: list[Part] = []
    place = 0
    while match := _COMPARISON.match(where, place) or _ALONE.match(where, place):
        parts.append(FAVOURITE if match.re is _ALONE else _condition(match))
        if match.end() == len(where):
            return tuple(parts)
        if not (joined := _AND.match(where, match.end())):
            break
        place = joined.end()
    return (Written(where.strip()),)


def _condition(match: re.Match[str]) -> Condition:
    value = next(text for text in match.group("double", "single", "word") if text is not None)
    return Condition(match["field"].lower(), match["operator"], value)


def at_place(where: str, place: Condition) -> str:
    """A filter taken to a folder, a collection or the favourites; what else it asks for stays."""
    others = [part for part in parts_of(where) if not _is_place(part)]
    return where_of([place, *others])


def _is_place(part: Part) -> bool:
    """Whether a part is what a click in the library panel sets."""
    return part == FAVOURITE or (
        isinstance(part, Condition) and part.operator == "=" and part.field in _PLACES
    )


def collection_of(where: str) -> str:
    """The collection that a filter shows; empty if it shows none, or more than one."""
    parts = [part for part in parts_of(where) if isinstance(part, Condition)]
    names = [one.value for one in parts if (one.field, one.operator) == ("collection", "=")]
    return names[0] if len(names) == 1 else ""


def with_collection_called(where: str, name: str, new: str) -> str:
    """A filter that means the same after a collection was given another name.

    What is not a plain list of conditions stays as its author wrote it.
    """
    parts = parts_of(where)
    renamed = tuple(_called(one, name, new) for one in parts)
    return where_of(renamed) if renamed != parts else where


def _called(part: Part, name: str, new: str) -> Part:
    """The part, under the new name if it asks for the collection; capitals do not matter."""
    if not isinstance(part, Condition) or part.field != "collection":
        return part
    asked_for = part.operator in ("=", "!=") and part.value.casefold() == name.casefold()
    return replace(part, value=new) if asked_for else part


def where_of(parts: Sequence[Part]) -> str:
    """The filter that lets through what meets all parts."""
    if len(parts) == 1:
        return str(parts[0])
    return " and ".join(f"({p})" if isinstance(p, Written) else str(p) for p in parts)


def said(part: Part) -> str:
    """A part in a few words, for a chip."""
    if isinstance(part, Written):
        return plain_text(part.text)
    value = plain_text(part.value)
    if part == FAVOURITE:
        return "favourite"
    if part.field == "channels" and part.operator == "=":
        return {"1": "mono", "2": "stereo"}.get(value, f"{value} channels")
    if part.field == "rate" and part.value.isdecimal():
        value = f"{int(value) / 1000:g} kHz"
        return f"rate {_sign(part)}{value}"
    if part.field in _UNITS:
        return f"{part.field} {_sign(part)}{value}{_UNITS[part.field]}"
    sign = "" if part.operator == "=" else f"{_SIGNS.get(part.operator, part.operator)} "
    return f"{part.field} {sign}{value}"


def _sign(part: Condition) -> str:
    return f"{_SIGNS.get(part.operator, part.operator)} "


def _quoted(value: str) -> list[str]:
    """A value as the grammar wants it.

    The grammar has no way to write both kinds of quotes in one value: such a value is cut into
    the longest pieces that have one kind, each of which must be met.
    """
    if _PLAIN.fullmatch(value):
        return [value]
    pieces = _PIECES.findall(value) if '"' in value and "'" in value else [value]
    return [f"'{piece}'" if '"' in piece else f'"{piece}"' for piece in pieces]
