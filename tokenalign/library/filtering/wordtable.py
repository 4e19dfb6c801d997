"""Which words each file is found by: name, folder, metadata, what is said; in an FTS5 table."""

from __future__ import annotations

import sqlite3

from tokenalign.library.filtering.wording import in_words, spread, spread_folder, spread_name

PUT_WORDS = """
INSERT OR REPLACE INTO keywords (rowid, name, folder, tags)
SELECT id, spread_name(path), spread_folder(path),
       ifnull((SELECT group_concat(spread(value), ' ') FROM metadata
               WHERE metadata.hash = files.hash), '')
       || ' ' || ifnull((SELECT spread(value) FROM transcripts WHERE file = files.id), '')
FROM files"""
"""Writes down the words of the files for which the WHERE behind it holds."""


def teach(database: sqlite3.Connection) -> None:
    """Give a connection the functions that `PUT_WORDS` and filters call."""
    for function in (spread, spread_name, spread_folder, in_words):
        database.create_function(function.__name__, 1, function, deterministic=True)
