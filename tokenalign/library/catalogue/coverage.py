"""How much of a library each bundle has encoded: not all, while one takes over from another."""

from __future__ import annotations

import sqlite3

from tokenalign.library.reports import BundleStatus

_ENCODED = """
SELECT count(*) FROM files WHERE usable = 1
AND EXISTS (SELECT 1 FROM vectors WHERE hash = files.hash AND bundle = ?)
"""


class Coverage:
    """Counts files by bundle, and counts again only when another connection has committed.

    With a single bundle there is nothing to count: its vectors come with the files.

    Args:
        database: of the catalogue.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._version = -1
        self._files = 0
        self._encoded: dict[str, BundleStatus] = {}

    def unencoded(self, identity: str) -> int:
        """How many of the files that can be used have no vectors of a bundle yet."""
        self._count()
        encoded = self._encoded.get(identity)
        return self._files - encoded.files if encoded else self._files

    def bundles(self) -> tuple[BundleStatus, ...]:
        """The bundles that have encoded here, the oldest first."""
        self._count()
        return tuple(self._encoded.values())

    def _count(self) -> None:
        version = self._number("PRAGMA data_version")
        if version == self._version:
            return
        self._files = self._number("SELECT count(*) FROM files WHERE usable = 1")
        bundles = self._db.execute(
            "SELECT id, name, identity FROM bundles"
            " WHERE EXISTS (SELECT 1 FROM vectors WHERE bundle = bundles.id) ORDER BY id"
        ).fetchall()
        alone = len(bundles) == 1
        self._encoded = {
            identity: BundleStatus(
                name, identity, self._files if alone else self._number(_ENCODED, number)
            )
            for number, name, identity in bundles
        }
        self._version = version

    def _number(self, question: str, *parameters: object) -> int:
        return int(self._db.execute(question, parameters).fetchone()[0])
