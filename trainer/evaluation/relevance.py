"""Queries with several right clips, as DCASE 2025 judges retrieval by language.

The file is a table ``query,audio_filenames``; the second column is a list as Python writes it:
``['a.wav', 'b.wav']``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.errors import TokenAlignError
from trainer.datasets.tables import UTF8_OR_LATIN1, Row, read_rows
from trainer.datasets.values import CaptionedClip, shown

QUERY, NAMES = "query", "audio_filenames"


@dataclass(frozen=True)
class Query:
    """A text, and the clips that it is right for.

    Attributes:
        text: what is asked.
        clips: their places among the clips that it is asked of.
    """

    text: str
    clips: tuple[int, ...]


@dataclass(frozen=True)
class Relevance:
    """Queries that have a right clip, and what a person must be told of the others."""

    queries: tuple[Query, ...]
    notes: tuple[str, ...]


def own_captions(clips: Sequence[CaptionedClip]) -> tuple[Query, ...]:
    """Every caption, right for its own clip alone."""
    return tuple(
        Query(caption, (place,)) for place, clip in enumerate(clips) for caption in clip.captions
    )


def read_relevance(table: Path, clips: Sequence[CaptionedClip]) -> Relevance:
    """The queries of a file, to be asked of clips in place of their captions.

    A query that is no caption of the clips is asked all the same.

    Args:
        table: the file.
        clips: those at hand; names are their ids.

    Raises:
        TokenAlignError: a row has no query, or no list of names; no query has a clip at hand.
    """
    rows = [
        (row.text(QUERY), _names(row))
        for row in read_rows(table, (QUERY, NAMES), encodings=UTF8_OR_LATIN1)
    ]
    places = {clip.id: place for place, clip in enumerate(clips)}
    queries = [
        Query(text, tuple(places[name] for name in names if name in places)) for text, names in rows
    ]
    if not any(query.clips for query in queries):
        hint = "give the file of this split: its names are those of the split's table"
        raise TokenAlignError(f"{table}: no query has a clip that is at hand", hint)
    captions = {caption for clip in clips for caption in clip.captions}
    return Relevance(
        queries=tuple(query for query in queries if query.clips),
        notes=(
            *_told("clips it names are not at hand", [n for _, names in rows for n in names
                                                      if n not in places]),
            *_told("queries have no clip and are left out", [q.text for q in queries
                                                             if not q.clips]),
            *_told("queries are no caption of these clips", [q.text for q in queries
                                                             if q.text not in captions]),
        ),
    )  # fmt: skip


def _names(row: Row) -> list[str]:
    """The listed names, each once."""
    try:
        found = ast.literal_eval(row.text(NAMES))
    except (ValueError, SyntaxError) as wrong:
        raise _no_list(row) from wrong
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise _no_list(row)
    return list(dict.fromkeys(name.strip() for name in found))


def _no_list(row: Row) -> TokenAlignError:
    what = f"{NAMES} is {row.values[NAMES]!r}, not a list of names"
    return row.wrong(what, "write it as in ['a.wav', 'b.wav']")


def _told(what: str, names: Sequence[str]) -> list[str]:
    """How many and which, each once; nothing where there is none."""
    unique = tuple(dict.fromkeys(names))
    return [f"{len(unique)} {what}: {shown(unique)}"] if unique else []
