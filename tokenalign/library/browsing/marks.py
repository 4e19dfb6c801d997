"""What the person has marked: favourites and collections, which are their own.

Marks go by content, so that they outlive moves, rescans and bundles. Each change is one short
transaction on a connection of its own, and may come from any thread while an indexer writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.database import connect, short_write
from tokenalign.library.files.names import comparable, location_of

LONGEST_NAME = 200

_MARK = "INSERT OR IGNORE INTO favourites SELECT hash FROM files WHERE path = ?"
_UNMARK = "DELETE FROM favourites WHERE hash = (SELECT hash FROM files WHERE path = ?)"


class Marks:
    """Marks of one library.

    Args:
        path: of its catalogue.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def set_favourite(self, paths: Sequence[Path], favourite: bool) -> None:
        """See `Library.set_favourite`."""
        change = _MARK if favourite else _UNMARK
        with self._writing() as database:
            database.executemany(change, _locations(paths))

    def collections(self) -> tuple[str, ...]:
        """See `Library.collections`."""
        with closing(connect(self._path)) as database:
            rows = database.execute("SELECT name FROM collections ORDER BY text").fetchall()
        return tuple(row[0] for row in rows)

    def collect(self, name: str, paths: Sequence[Path]) -> None:
        """See `Library.collect`."""
        title = _title(name)
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO collections (name, text) VALUES (?, ?)",
                (title, comparable(title)),
            )
            database.executemany(
                "INSERT OR IGNORE INTO members (collection, hash) SELECT"
                " (SELECT id FROM collections WHERE text = ?), hash FROM files WHERE path = ?",
                [(comparable(title), *location) for location in _locations(paths)],
            )

    def uncollect(self, name: str, paths: Sequence[Path]) -> None:
        """See `Library.uncollect`."""
        with self._writing() as database:
            database.executemany(
                "DELETE FROM members WHERE"
                " collection = (SELECT id FROM collections WHERE text = ?)"
                " AND hash = (SELECT hash FROM files WHERE path = ?)",
                [(_text(name), *location) for location in _locations(paths)],
            )

    def rename_collection(self, name: str, new: str) -> None:
        """See `Library.rename_collection`."""
        title = _title(new)
        taken = (comparable(title), _text(name))
        with self._writing() as database:
            if database.execute(
                "SELECT 1 FROM collections WHERE text = ? AND text != ?", taken
            ).fetchone():
                raise TokenAlignError(
                    f"there is a collection {title!r} already",
                    "Choose another name, or put the sounds into that one.",
                )
            database.execute(
                "UPDATE collections SET name = ?, text = ? WHERE text = ?", (title, *taken)
            )

    def delete_collection(self, name: str) -> None:
        """See `Library.delete_collection`."""
        with self._writing() as database:
            database.execute("DELETE FROM collections WHERE text = ?", (_text(name),))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(connect(self._path)) as database, short_write(database):
            yield database


def _locations(paths: Sequence[Path]) -> list[tuple[bytes]]:
    return [(location_of(path),) for path in paths]


def _title(name: str) -> str:
    """How a collection is called."""
    title = " ".join(name.encode("utf-8", "replace").decode().split())
    if not 0 < len(title) <= LONGEST_NAME:
        raise TokenAlignError(
            f"a collection cannot be called {name[:LONGEST_NAME]!r}",
            f"Give it a name of 1 to {LONGEST_NAME} characters.",
        )
    return title


def _text(name: str) -> str:
    """What a collection's name is compared by."""
    return comparable(" ".join(name.split()))
