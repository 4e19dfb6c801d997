"""Opening the catalogue's database, and telling its errors plainly."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.schema import bring_up_to_date

BUSY_S = 10.0
"""How long to wait for another process's commit."""

ASK_AGAIN_S = 0.001
"""Between two tries to write: an indexer may let go for little longer."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode to a catalogue that is made, or brought up to date.

    It may serve several threads, one after the other.
    """
    database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _insist(database, "PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA foreign_keys = ON")
        bring_up_to_date(database, path)
    except BaseException:
        database.close()
        raise
    return database


def begin_write(database: sqlite3.Connection) -> None:
    """Open a transaction that writes, unless one is open; who opened it commits."""
    if not database.in_transaction:
        database.execute("BEGIN IMMEDIATE")


@contextmanager
def short_write(database: sqlite3.Connection) -> Iterator[None]:
    """One transaction of its own, squeezed in between those of an indexer.

    SQLite itself would ask for the lock ten times a second, and might never come upon the moment
    between two of the indexer's transactions.
    """
    _insist(database, "BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _insist(database: sqlite3.Connection, statement: str) -> None:
    """Execute what needs a lock that SQLite asks for too seldom, or only once."""
    give_up_at = time.monotonic() + BUSY_S
    database.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                database.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
                time.sleep(ASK_AGAIN_S)
            else:
                return
    finally:
        database.execute(f"PRAGMA busy_timeout = {round(BUSY_S * 1000)}")


@contextmanager
def told_plainly(data_dir: Path) -> Iterator[None]:
    """Turn the errors of SQLite into ones that name the library and a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise TokenAlignError(
            f"{data_dir}: the catalogue cannot be used: {error}",
            "See whether the disk is full or not writable; what was committed before is kept.",
        ) from error
