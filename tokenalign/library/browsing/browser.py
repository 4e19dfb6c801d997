"""Browsing: the sounds of a library in some order, page by page, and what is known of each."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenalign.library.browsing.listing import Listing, order_by
from tokenalign.library.catalogue.database import connect
from tokenalign.library.files.names import location_of
from tokenalign.library.filtering.fields import Filter
from tokenalign.library.filtering.filters import parse_filter
from tokenalign.library.filtering.keywords import Keywords, bearing_all
from tokenalign.library.reports import Failure
from tokenalign.metadata import in_order

_FACTS = """
SELECT files.id, path, files.duration_s, files.format, encoding, files.sample_rate,
       files.channels, size, mtime_ns, problem, hash IN (SELECT hash FROM favourites), hash
FROM files JOIN contents USING (hash) WHERE usable AND"""


@dataclass(frozen=True)
class SoundFacts:
    """What the library knows of a sound.

    Attributes:
        path: the file.
        name: its name without the folder.
        folder: the folder it lies in.
        duration_s: its length.
        format: "wav", "flac" and so on.
        encoding: of its samples, such as "PCM_24".
        sample_rate: Hz.
        channels: how many.
        size: in bytes.
        mtime_ns: when it was changed last, in nanoseconds since 1970.
        problem: what its audio lacks, or an empty string.
        favourite: marked by the person.
        metadata: (field, value) pairs that the file bears, the most telling first.
    """

    path: Path
    name: str
    folder: str
    duration_s: float
    format: str
    encoding: str
    sample_rate: int
    channels: int
    size: int
    mtime_ns: int
    problem: str
    favourite: bool
    metadata: tuple[tuple[str, str], ...]


class Browser:
    """Reads one library; each call has a connection of its own, so that none waits for another.

    Args:
        path: of its catalogue.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listing = Listing(path)

    def close(self) -> None:
        """Let go of the catalogue."""
        self._listing.close()

    def facts(self, paths: Sequence[Path]) -> dict[Path, SoundFacts]:
        """See `Library.facts`."""
        with self._reading() as database:
            found = {path: _fact_at(database, location_of(path)) for path in paths}
        return {path: fact for path, fact in found.items() if fact is not None}

    def page(
        self, *, where: str, words: str, order: str, descending: bool, offset: int, limit: int
    ) -> tuple[SoundFacts, ...]:
        """See `Library.browse`."""
        condition = _condition(where, words)
        by = order_by(order, descending=descending)
        places = slice(max(0, offset), max(0, offset) + max(0, limit))
        version = self._listing.version()
        with self._reading() as database:
            ids = self._listing.page(database, version, condition, by, places)
            return _facts_of(database, ids)

    def count(self, *, where: str, words: str) -> int:
        """See `Library.count`."""
        condition = _condition(where, words)
        with self._reading() as database:
            row = database.execute(
                f"SELECT count(*) FROM sounds WHERE {condition.sql}", condition.parameters
            ).fetchone()
        return int(row[0])

    def failures(self) -> tuple[Failure, ...]:
        """See `Library.failures`."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT path, failure FROM files WHERE failure IS NOT NULL ORDER BY path"
            )
            return tuple(Failure(Path(os.fsdecode(path)), reason) for path, reason in rows)

    def words_completing(self, prefix: str, limit: int) -> tuple[str, ...]:
        """See `Library.words_completing`."""
        with self._reading() as database:
            return Keywords(database).completing(prefix, limit)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """All that is read in the block is of one commit."""
        with closing(connect(self._path)) as database:
            database.execute("BEGIN")
            yield database


def _condition(where: str, words: str) -> Filter:
    """Which sounds meet a filter and bear all of some words."""
    chosen = parse_filter(where)
    if not words.strip():
        return chosen
    bearing = bearing_all(words)
    return Filter(f"{chosen.sql} AND {bearing.sql}", chosen.parameters + bearing.parameters)


def _facts_of(database: sqlite3.Connection, ids: Sequence[int]) -> tuple[SoundFacts, ...]:
    """The facts of sounds, in the order of their ids."""
    rows = database.execute(
        f"{_FACTS} id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    ).fetchall()
    facts = {row[0]: _fact(database, row) for row in rows}
    return tuple(facts[each] for each in ids)


def _fact_at(database: sqlite3.Connection, location: bytes) -> SoundFacts | None:
    row = database.execute(f"{_FACTS} path = ?", (location,)).fetchone()
    return None if row is None else _fact(database, row)


def _fact(database: sqlite3.Connection, row: Sequence[Any]) -> SoundFacts:
    _, location, duration_s, container, encoding, rate, channels = row[:7]
    size, mtime_ns, problem, favourite, digest = row[7:]
    metadata = database.execute("SELECT field, value FROM metadata WHERE hash = ?", (digest,))
    path = os.fsdecode(location)
    folder, name = os.path.split(path)
    return SoundFacts(
        path=Path(path),
        name=name,
        folder=folder,
        duration_s=duration_s,
        format=container,
        encoding=encoding,
        sample_rate=rate,
        channels=channels,
        size=size,
        mtime_ns=mtime_ns,
        problem=problem,
        favourite=bool(favourite),
        metadata=in_order(metadata),
    )
