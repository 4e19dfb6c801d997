"""What is said in the sounds, as the catalogue keeps it: the words, and when each is said."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tokenalign.library.catalogue.database import begin_write
from tokenalign.library.files.fingerprint import Stamp, is_unchanged
from tokenalign.library.filtering.wording import in_words
from tokenalign.library.filtering.wordtable import PUT_WORDS
from tokenalign.speech.transcripts import FIELD, Transcript, parse_transcript
from tokenalign.speech.words import TimedWord


class Transcripts:
    """Transcripts of files, and times of words.

    Those beside files go by path, those in metadata by content, and times by content, transcript
    and bundle. Writing is part of the connection's open transaction.

    Args:
        database: a connection to the catalogue.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def put(self, path: str, stamp: Stamp, transcript: Transcript | None) -> None:
        """Write down what stands beside a file, in place of what did before.

        Args:
            path: of the sound; nothing happens if it is not in the catalogue.
            stamp: of the file beside it.
            transcript: what was read; None if it is no transcript.
        """
        text = transcript.text if transcript else ""
        times = _coded(transcript.words) if transcript and transcript.timed else ""
        begin_write(self._db)
        self._db.execute(
            "INSERT OR REPLACE INTO transcripts (file, size, mtime_ns, value, text, times)"
            " SELECT id, ?, ?, ?, ?, ? FROM files WHERE path = ?",
            (stamp.size, stamp.mtime_ns, text, in_words(text), times, os.fsencode(path)),
        )
        self._renew_words(path)

    def drop(self, path: str) -> None:
        """Nothing stands beside a file any more."""
        begin_write(self._db)
        self._db.execute(
            "DELETE FROM transcripts WHERE file = (SELECT id FROM files WHERE path = ?)",
            (os.fsencode(path),),
        )
        self._renew_words(path)

    def put_times(
        self, location: bytes, text: str, bundle: str, words: Sequence[TimedWord]
    ) -> None:
        """Keep when the words of a transcript are said, of a file that is as it was indexed.

        Args:
            location: path of the sound, as the catalogue calls it.
            text: of the transcript.
            bundle: identity of the bundle that has timed them.
            words: of the transcript.
        """
        if not self._is_as_indexed(location):
            return
        self._db.execute(
            "INSERT OR REPLACE INTO word_times (hash, transcript, bundle, times)"
            " SELECT hash, ?, ?, ? FROM files WHERE path = ? AND usable",
            (_digest(text), bundle, _coded(words), location),
        )

    def times(self, location: bytes, text: str, bundle: str) -> tuple[TimedWord, ...] | None:
        """What `put_times` has kept; None if it has not, or the file is another now."""
        if not self._is_as_indexed(location):
            return None
        row = self._db.execute(
            "SELECT times FROM word_times JOIN files USING (hash)"
            " WHERE path = ? AND transcript = ? AND bundle = ?",
            (location, _digest(text), bundle),
        ).fetchone()
        return None if row is None else _decoded(row[0], text)

    def spoken(self, location: bytes) -> tuple[TimedWord, ...]:
        """The words of a file, with times as far as anything kept here tells them."""
        row = self._db.execute(
            "SELECT transcripts.value, times, metadata.value, files.hash FROM files"
            " LEFT JOIN transcripts ON file = files.id"
            " LEFT JOIN metadata ON metadata.hash = files.hash AND field = ? WHERE path = ?",
            (FIELD, location),
        ).fetchone()
        if row is None:
            return ()
        beside, times, inside, digest = row
        text = beside or inside or ""
        if beside and times:
            return _decoded(times, text)
        kept = self._db.execute(
            "SELECT times FROM word_times WHERE hash = ? AND transcript = ?",
            (digest, _digest(text)),
        ).fetchone()
        return parse_transcript(text).words if kept is None else _decoded(kept[0], text)

    def _is_as_indexed(self, location: bytes) -> bool:
        row = self._db.execute(
            "SELECT size, mtime_ns FROM files WHERE path = ?", (location,)
        ).fetchone()
        return row is not None and is_unchanged(Path(os.fsdecode(location)), Stamp(*row))

    def _renew_words(self, path: str) -> None:
        self._db.execute(f"{PUT_WORDS} WHERE path = ?", (os.fsencode(path),))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _coded(words: Sequence[TimedWord]) -> str:
    """Places in the text, times and confidences."""
    return json.dumps(
        [(w.start_char, w.end_char, w.start_s, w.end_s, round(w.confidence, 6)) for w in words]
    )


def _decoded(coded: str, text: str) -> tuple[TimedWord, ...]:
    return tuple(TimedWord(text[row[0] : row[1]], *row) for row in json.loads(coded))
