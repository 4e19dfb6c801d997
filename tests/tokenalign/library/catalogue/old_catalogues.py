"""Catalogues as older versions of the program left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tokenalign.library.catalogue.tables import FIRST_TABLES
from tokenalign.library.files.names import path_columns

FILES = (
    ("/lib/Doors/DOORWood_Creak-02.wav", b"1", None),
    ("/lib/Rain/Regen März.flac", b"2", None),
    ("/lib/Rain/copy of Regen.flac", b"2", None),
    ("/lib/broken.wav", b"3", "no sound in it"),
)
CONTENTS = (
    (b"1", "wav", "PCM_24", 48_000, 1, 2.5, ""),
    (b"2", "flac", "PCM_16", 44_100, 2, 60.0, "cut"),
)


def write_version_1(path: Path) -> None:
    """A catalogue of the first version, with `FILES` and `CONTENTS`, of the folder /lib."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        for statement in FIRST_TABLES:
            database.execute(statement)
        for name, digest, failure in FILES:
            database.execute(
                "INSERT INTO files (path, path_text, folder_text, name_text, size, mtime_ns,"
                " hash, failure) VALUES (?, ?, ?, ?, 10, 20, ?, ?)",
                (*path_columns(name), digest, failure),
            )
        database.executemany("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?, ?)", CONTENTS)
        database.execute("INSERT INTO roots VALUES (?, ?)", (b"/lib", b"/lib/"))
        database.execute("PRAGMA user_version = 1")
