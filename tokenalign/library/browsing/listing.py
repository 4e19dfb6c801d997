"""The orders in which sounds can be browsed, and long lists of sounds once they are sorted.

Most orders follow an index of the catalogue, so that SQLite gives any page at once. By what
files say of themselves, or by favourites, it must sort all of them; that list is kept until the
library changes, so that only its first page takes long.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.database import connect
from tokenalign.library.filtering.fields import Filter
from tokenalign.metadata.fields import known_field

# Each an index of the catalogue.
_INDEXED = {
    "name": "name_text",
    "folder": "folder_text, name_text",
    "duration": "duration_s",
    "format": "format, name_text",
    "rate": "sample_rate, name_text",
    "channels": "channels, name_text",
    "modified": "mtime_ns",
    "size": "size",
}
_FAVOURITE = "favourite"


@dataclass(frozen=True)
class Order:
    """How sounds are sorted.

    Attributes:
        terms: in SQL, with a ``?`` for each parameter.
        parameters: the values.
        indexed: whether SQLite needs no sorting for it.
    """

    terms: str
    parameters: tuple[str, ...] = ()
    indexed: bool = False


def order_by(key: str, *, descending: bool) -> Order:
    """The order of a column; sounds that have no value there come last both ways.

    Raises:
        TokenAlignError: nothing is known by that name.
    """
    direction = " DESC" if descending else ""
    if key in _INDEXED:
        columns = (*_INDEXED[key].split(", "), "id")
        return Order(", ".join(column + direction for column in columns), indexed=True)
    if key == _FAVOURITE:
        return Order(f"hash IN (SELECT hash FROM favourites){direction}, name_text, id")
    if field := known_field(key):
        value = "(SELECT text FROM metadata WHERE metadata.hash = sounds.hash AND field = ?)"
        return Order(f"{value}{direction} NULLS LAST, name_text, id", (field,))
    raise TokenAlignError(
        f"sounds cannot be sorted by {key!r}",
        f"Sort by {', '.join(_INDEXED)}, {_FAVOURITE} or a field of the metadata.",
    )


class Listing:
    """Ids of the sounds that meet a condition, in some order; may serve several threads.

    Args:
        path: of the catalogue.
    """

    def __init__(self, path: Path) -> None:
        self._watch = connect(path)
        self._lock = threading.Lock()
        self._kept: tuple[object, array[int]] = (None, array("q"))

    def close(self) -> None:
        """Let go of the catalogue."""
        with self._lock:
            self._watch.close()

    def version(self) -> int:
        """A number that changes with every commit."""
        with self._lock:
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def page(
        self,
        database: sqlite3.Connection,
        version: int,
        condition: Filter,
        order: Order,
        places: slice,
    ) -> Sequence[int]:
        """The ids at some places.

        Args:
            database: what is asked.
            version: the library's, from before `database` began to read.
            condition: which sounds count.
            order: of the sounds.
            places: from first to behind the last.
        """
        if order.indexed:
            return _ids(database, condition, order, places)
        wanted = (version, condition, order)
        with self._lock:
            known, ids = self._kept
        if known != wanted:
            ids = _ids(database, condition, order, slice(0, None))
            with self._lock:
                self._kept = (wanted, ids)
        return ids[places]


def _ids(
    database: sqlite3.Connection, condition: Filter, order: Order, places: slice
) -> array[int]:
    limit = -1 if places.stop is None else places.stop - places.start
    rows = database.execute(
        f"SELECT id FROM sounds WHERE {condition.sql} ORDER BY {order.terms} LIMIT ? OFFSET ?",
        (*condition.parameters, *order.parameters, limit, places.start),
    )
    return array("q", (row[0] for row in rows))
