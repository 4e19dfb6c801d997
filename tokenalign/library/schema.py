"""The catalogue's tables, and how an older catalogue becomes a current one.

A migration is a tuple of statements; migration n turns version n into n + 1, and the first one
makes everything out of an empty database. Statements run in one transaction with the new version
number, so that a catalogue is always at a whole version.
"""

from __future__ import annotations

import sqlite3

from tokenalign.errors import TokenAlignError

FIRST_TABLES = (
    """
    CREATE TABLE roots (
        path BLOB PRIMARY KEY,
        prefix BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE bundles (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE contents (
        hash BLOB PRIMARY KEY,
        format TEXT NOT NULL,
        encoding TEXT NOT NULL,
        sample_rate INTEGER NOT NULL,
        channels INTEGER NOT NULL,
        duration_s REAL NOT NULL,
        problem TEXT NOT NULL
    )
    """,
    # AUTOINCREMENT: an id is never given twice, so that readers can ask for "those after id n".
    """
    CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL REFERENCES contents (hash),
        bundle INTEGER NOT NULL REFERENCES bundles (id),
        segment INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        crc INTEGER NOT NULL,
        damaged INTEGER NOT NULL DEFAULT 0,
        UNIQUE (hash, bundle)
    )
    """,
    # path is what the system calls the file, byte for byte; the *_text columns are for filters.
    """
    CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        path_text TEXT NOT NULL,
        folder_text TEXT NOT NULL,
        name_text TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        hash BLOB NOT NULL,
        failure TEXT
    )
    """,
    "CREATE INDEX files_by_hash ON files (hash)",
    "CREATE INDEX vectors_by_bundle ON vectors (bundle, id)",
    """
    CREATE VIEW sounds AS
    SELECT files.id, files.path, path_text, folder_text, name_text, size, mtime_ns, hash,
           format, encoding, sample_rate, channels, duration_s, problem
    FROM files JOIN contents USING (hash)
    WHERE failure IS NULL
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (FIRST_TABLES,)

SCHEMA_VERSION = len(MIGRATIONS)


def bring_up_to_date(connection: sqlite3.Connection, name: str) -> None:
    """Run the migrations that the database lacks.

    Args:
        connection: in autocommit mode.
        name: what error messages call the database.

    Raises:
        TokenAlignError: a newer program made this catalogue.
    """
    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")  # another process may be at it: look again inside
    try:
        version = _version(connection)
        if version > SCHEMA_VERSION:
            raise TokenAlignError(
                f"{name}: made by a newer TokenAlign (catalogue version {version}, this program "
                f"knows {SCHEMA_VERSION})",
                "Update TokenAlign, or choose another folder with --data-dir.",
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
