"""Keyword search: which sounds bear words in their name, their folder or their metadata."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenalign.library.filtering.fields import Filter
from tokenalign.library.filtering.wording import expression, unaccented, words_in

WEIGHTS = "4.0, 1.0, 2.0"
"""What a word counts in the name, the folder and the metadata."""

MOST_WORDS = 32
SHORTEST_COMPLETED = 2


@dataclass(frozen=True)
class WordMatch:
    """A content that bears words.

    Attributes:
        digest: of the content.
        words: those of the question that it bears, in their order there.
    """

    digest: bytes
    words: tuple[str, ...]


class Keywords:
    """Answers from the keyword table; only files that can be used count.

    Args:
        database: a connection to the catalogue.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def matching(
        self, words: Sequence[str], condition: Filter, *, bundle: int, limit: int
    ) -> list[WordMatch]:
        """Contents that bear at least one of the words, best first.

        Best is by BM25 (Robertson and Zaragoza 2009, as FTS5 computes it): the more of the words,
        and the rarer they are. A word of three letters or more also matches as a beginning.

        Args:
            words: as typed; each may turn out to be several.
            condition: which files count.
            bundle: number of the bundle that contents must have sound vectors of.
            limit: how many at most.
        """
        asked = words_in(" ".join(words))[:MOST_WORDS]
        if not asked or limit < 1:
            return []
        rows = self._db.execute(
            "SELECT hash, sounds.id FROM keywords JOIN sounds ON sounds.id = keywords.rowid"
            f" WHERE keywords MATCH ? AND {condition.sql} AND EXISTS (SELECT 1 FROM vectors"
            "  WHERE vectors.hash = sounds.hash AND bundle = ? AND NOT damaged)"
            f" ORDER BY bm25(keywords, {WEIGHTS}), sounds.id",
            (any_of(asked), *condition.parameters, bundle),
        )
        files: dict[bytes, int] = {}
        for digest, file_id in rows:
            files.setdefault(digest, file_id)
            if len(files) == limit:
                break
        rows.close()
        bearing = {word: self._bearing(word, files.values()) for word in asked}
        return [
            WordMatch(digest, tuple(word for word in asked if file_id in bearing[word]))
            for digest, file_id in files.items()
        ]

    def completing(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Words that begin like the last one of a text, those of the most files first."""
        words = words_in(prefix)
        if not words or len(words[-1]) < SHORTEST_COMPLETED:
            return ()
        begun = unaccented(words[-1])  # as FTS5 keeps its terms
        rows = self._db.execute(
            "SELECT term FROM keyword_terms WHERE term >= ? AND term < ? ORDER BY doc DESC, term"
            " LIMIT ?",
            (begun, begun + "\U0010ffff", limit),
        )
        return tuple(row[0] for row in rows)

    def _bearing(self, word: str, file_ids: Iterable[int]) -> set[int]:
        """Which of some files bear a word."""
        rows = self._db.execute(  # the + has the word looked up once, not once for each file
            "SELECT rowid FROM keywords WHERE keywords MATCH ?"
            " AND +rowid IN (SELECT value FROM json_each(?))",
            (expression(word), json.dumps(list(file_ids))),
        )
        return {row[0] for row in rows}


def any_of(words: Sequence[str]) -> str:
    """What FTS5 is asked for files that bear one of the words."""
    return " OR ".join(map(expression, words))


def bearing_all(text: str) -> Filter:
    """Which sounds bear every word of a text; none do if it has no words."""
    asked = words_in(text)[:MOST_WORDS]
    if not asked:
        return Filter("0", ())
    bearing = "(id IN (SELECT rowid FROM keywords WHERE keywords MATCH ?))"
    return Filter(bearing, (" AND ".join(map(expression, asked)),))
