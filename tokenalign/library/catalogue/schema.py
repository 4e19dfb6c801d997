"""How an older catalogue becomes a current one, and what is kept of it in case that goes wrong.

A migration is a tuple of statements; migration n turns version n - 1 into n, and the first one
makes everything out of an empty database. Statements run in one transaction with the new version
number, so that a catalogue is always at a whole version.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tokenalign.durable import put_in_place
from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.tables import MIGRATIONS
from tokenalign.library.filtering.wordtable import teach

SCHEMA_VERSION = len(MIGRATIONS)


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Run the migrations that the database lacks, after a copy of it has been set aside.

    Args:
        connection: in autocommit mode; it is taught the functions that the statements call.
        path: of the database; the copy is called the same and ``.before-VERSION``.

    Raises:
        TokenAlignError: a newer program made this catalogue.
    """
    teach(connection)
    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")  # another process may be at it: look again inside
    try:
        version = _version(connection)
        if version > SCHEMA_VERSION:
            raise TokenAlignError(
                f"{path}: made by a newer TokenAlign (catalogue version {version}, this program "
                f"knows {SCHEMA_VERSION})",
                "Update TokenAlign, or choose another folder with --data-dir.",
            )
        if 0 < version < SCHEMA_VERSION:
            _set_aside(path, path.with_name(f"{path.name}.before-{SCHEMA_VERSION}"))
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _set_aside(path: Path, copy: Path) -> None:
    """Copy what is committed; nobody writes meanwhile. The copy is whole or not there."""
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, complete by itself
    put_in_place(unfinished, copy)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
