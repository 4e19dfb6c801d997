"""What files say of themselves, as the catalogue keeps it: by content, for search and for show."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence

from tokenalign.library.catalogue.database import begin_write
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.files.names import below, comparable
from tokenalign.library.filtering.wordtable import PUT_WORDS
from tokenalign.metadata import READER

PAGE_FILES = 500
"""Files that are looked up at a time."""


class Tags:
    """Writes metadata down in the catalogue's open transaction.

    Args:
        database: a connection to the catalogue.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def is_read(self, digest: bytes) -> bool:
        """Whether the present reader has looked for a content's metadata, whatever it found."""
        rows = self._db.execute("SELECT reader FROM metadata_read WHERE hash = ?", (digest,))
        return (READER,) in rows.fetchall()

    def put(self, digest: bytes, metadata: Sequence[tuple[str, str]]) -> None:
        """Write down what a content says, in place of what is known of it.

        Args:
            digest: of the content; the words of all its files are brought up to date.
            metadata: (field, value), each field once.
        """
        begin_write(self._db)
        self._db.execute("DELETE FROM metadata WHERE hash = ?", (digest,))
        self._db.executemany(
            "INSERT INTO metadata (hash, field, value, text) VALUES (?, ?, ?, ?)",
            [(digest, field, value, comparable(value)) for field, value in metadata],
        )
        self._db.execute("INSERT OR REPLACE INTO metadata_read VALUES (?, ?)", (digest, READER))
        self._db.execute(f"{PUT_WORDS} WHERE hash = ?", (digest,))

    def forget_read(self, digest: bytes) -> None:
        """Have a content's metadata read again; what is known of it stays until then."""
        begin_write(self._db)
        self._db.execute("DELETE FROM metadata_read WHERE hash = ?", (digest,))

    def unread_below(self, folder: str) -> Iterator[tuple[str, Stamp, bytes]]:
        """The usable files below a folder that the present reader has not read: path, stamp, hash.

        In order of path; contents that are read meanwhile fall out.
        """
        condition, parameters = below(folder)
        first, beyond = os.fsencode(folder), parameters[-1]
        while page := self._db.execute(
            "SELECT path, size, mtime_ns, hash FROM files WHERE path >= ? AND path < ?"
            f" AND {condition} AND usable AND NOT EXISTS (SELECT 1 FROM metadata_read"
            "  WHERE metadata_read.hash = files.hash AND reader = ?) ORDER BY path LIMIT ?",
            (first, beyond, *parameters, READER, PAGE_FILES),
        ).fetchall():
            first = page[-1][0] + b"\0"  # the least that comes behind it
            for path, size, mtime_ns, digest in page:
                if not self.is_read(digest):
                    yield os.fsdecode(path), Stamp(size, mtime_ns), digest
