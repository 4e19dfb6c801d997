"""Lists of sounds, as a search found them or a library holds them: CSV for tables, or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from tokenalign.errors import TokenAlignError
from tokenalign.grounding import PhraseGrounding
from tokenalign.labels.cells import phrase_label, spreadsheet_safe, time_cell
from tokenalign.labels.shape import json_text, result_shape
from tokenalign.labels.whole_file import whole_file
from tokenalign.library.model import Moment

COLUMNS = ("rank", "path", "start_s", "end_s", "score")
"""What every list has; after a search a column for each phrase follows."""


class FoundSound(Protocol):
    """A sound, its best moment and its further ones, best first."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def start_s(self) -> float:
        """Where the best moment begins."""

    @property
    def end_s(self) -> float:
        """Where it ends."""

    @property
    def score(self) -> float | None:
        """What search ranks by, [0, 1]; None if nothing was asked for."""

    @property
    def phrases(self) -> Sequence[PhraseGrounding]:
        """Where each phrase sounds in the best moment."""

    @property
    def moments(self) -> Sequence[Moment]:
        """The further ones."""


@dataclass(frozen=True)
class _Entry:
    """A line of a list: a moment of a sound."""

    rank: int
    path: Path
    start_s: float
    end_s: float
    score: float | None
    phrases: Sequence[PhraseGrounding]


def write_list(target: Path, sounds: Iterable[FoundSound], *, query: str = "") -> None:
    """Write a list, in the format that the name's suffix asks for.

    Moments of one sound have the rank of the sound and stand below each other.

    Args:
        target: a name that ends in one of `LIST_SUFFIXES`, in capitals or not; a file of that name
            is replaced.
        sounds: in their order.
        query: the caption that they were found by; empty if there was none.

    Raises:
        TokenAlignError: an unknown suffix, or a folder that cannot be written to.
    """
    to_text = _FORMATS.get(target.suffix.lower())
    if to_text is None:
        raise TokenAlignError(
            f"{target}: unknown format of a list", f"end the name in {', '.join(LIST_SUFFIXES)}"
        )
    with whole_file(target) as part:
        text = to_text(list(_entries(sounds)), query)
        part.write_text(text, encoding="utf-8", errors="replace", newline="")


def _entries(sounds: Iterable[FoundSound]) -> Iterator[_Entry]:
    for rank, sound in enumerate(sounds, start=1):
        best = sound.start_s, sound.end_s, sound.score, sound.phrases
        yield _Entry(rank, sound.path, *best)
        for moment in sound.moments:
            further = moment.start_s, moment.end_s, moment.score, moment.grounding.phrases
            yield _Entry(rank, sound.path, *further)


def _csv_list(entries: Sequence[_Entry], query: str) -> str:
    """A row for each moment; below each phrase, from when to when it sounds there."""
    del query  # a table has columns and rows, and no room for it
    table = io.StringIO()
    writer = csv.writer(table)
    phrases = entries[0].phrases if entries else ()
    writer.writerow([*COLUMNS, *(spreadsheet_safe(phrase_label(phrase)) for phrase in phrases)])
    for entry in entries:
        writer.writerow(
            [
                entry.rank,
                spreadsheet_safe(str(entry.path)),
                time_cell(entry.start_s),
                time_cell(entry.end_s),
                "" if entry.score is None else f"{entry.score:.4f}",
                *map(_spans, entry.phrases),
            ]
        )
    return table.getvalue()


def _json_list(entries: Sequence[_Entry], query: str) -> str:
    """The results in the shape that the terminal prints; those of no search have no score."""
    return json_text({"query": query, "results": list(map(_shape, entries))}, indent=2) + "\n"


def _shape(entry: _Entry) -> dict[str, object]:
    shape = result_shape(
        path=entry.path,
        start_s=entry.start_s,
        end_s=entry.end_s,
        score=entry.score or 0.0,
        phrases=entry.phrases,
    )
    if entry.score is None:
        del shape["score"], shape["phrases"]
    return {"rank": entry.rank, **shape}


def _spans(phrase: PhraseGrounding) -> str:
    return " ".join(f"{part.start_s:.3f}-{part.end_s:.3f}" for part in phrase.heard)


_FORMATS: Mapping[str, Callable[[Sequence[_Entry], str], str]] = MappingProxyType(
    {".csv": _csv_list, ".json": _json_list}
)

LIST_SUFFIXES = tuple(_FORMATS)
"""The suffixes that `write_list` knows."""
