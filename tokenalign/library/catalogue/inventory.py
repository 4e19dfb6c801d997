"""All sounds that one bundle has encoded, each with its files: what a shared library is told."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from tokenalign.library.segments.layout import Location

_SOUNDS = """
SELECT vectors.hash, segment, offset, length, crc,
       sounds.path, path_text, folder_text, name_text, size, mtime_ns,
       format, sample_rate, channels, duration_s
FROM vectors JOIN sounds USING (hash)
WHERE bundle = (SELECT id FROM bundles WHERE identity = ?) AND NOT damaged
ORDER BY vectors.hash, sounds.path
"""

FACTS = (
    "path_text", "folder_text", "name_text", "size", "mtime_ns",
    "format", "sample_rate", "channels", "duration_s",
)  # fmt: skip
"""Columns of the view ``sounds``; those that filters compare."""


@dataclass(frozen=True)
class SoundFile:
    """A file that can be used.

    Attributes:
        path: as the system calls it.
        facts: value by column, see `FACTS`.
    """

    path: str
    facts: dict[str, int | float | str]


@dataclass(frozen=True)
class Sound:
    """A content with sound vectors, and the files that hold it, in order of path."""

    digest: bytes
    location: Location
    files: tuple[SoundFile, ...]


class Inventory:
    """Goes through a catalogue.

    Args:
        database: a connection to it.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def sounds(self, identity: str) -> Iterator[Sound]:
        """Those that a bundle has encoded, in order of hash."""
        rows = self._db.execute(_SOUNDS, (identity,))
        for digest, group in groupby(rows, key=itemgetter(0)):
            files = list(group)
            yield Sound(digest, Location(*files[0][1:5]), tuple(map(_file, files)))


def _file(row: tuple[Any, ...]) -> SoundFile:
    return SoundFile(os.fsdecode(row[5]), dict(zip(FACTS, row[6:], strict=True)))
