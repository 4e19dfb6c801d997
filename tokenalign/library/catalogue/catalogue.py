"""The catalogue: one SQLite database that says which files, contents and vectors there are.

It is the only commit point: what no committed row names does not exist. Writes join one open
transaction until `Catalogue.commit`. A *file* is a path; a *content* is what its bytes hold;
*vectors* are a content under one bundle. Paths are kept as the system's own bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenalign.audio import AudioInfo
from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.coverage import Coverage
from tokenalign.library.catalogue.database import begin_write, connect, short_write
from tokenalign.library.catalogue.inventory import Inventory
from tokenalign.library.catalogue.rows import Counts, FileRow, VectorRow
from tokenalign.library.catalogue.tags import Tags
from tokenalign.library.catalogue.transcripts import Transcripts
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.files.names import below, path_columns, prefix_of
from tokenalign.library.filtering.keywords import Keywords
from tokenalign.library.filtering.wordtable import PUT_WORDS
from tokenalign.library.segments.layout import Location

_LOOSE = """NOT EXISTS (
    SELECT 1 FROM roots WHERE substr(files.path, 1, length(prefix)) = prefix
)"""


class Catalogue:
    """An open catalogue; made when there is none.

    Args:
        path: the database file.

    Attributes:
        keywords: what is found by words, over the same connection.
        tags: what files say of themselves, likewise.
        transcripts: what is said in them, likewise.
        coverage: how much each bundle has encoded, likewise.
        inventory: all that a bundle has encoded, likewise.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = connect(path)
        self.keywords = Keywords(self._db)
        self.tags = Tags(self._db)
        self.transcripts = Transcripts(self._db)
        self.coverage = Coverage(self._db)
        self.inventory = Inventory(self._db)

    def close(self) -> None:
        """Close; what was not committed is lost."""
        self._db.close()

    # Transactions

    @property
    def writing(self) -> bool:
        """Whether a transaction is open, so that nobody else can write."""
        return self._db.in_transaction

    def commit(self) -> None:
        """Make everything written since the last commit durable, all of it at once."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Drop everything written since the last commit."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def data_version(self) -> int:
        """A number that changes when another connection has committed something."""
        return int(self._value("PRAGMA data_version"))

    # Roots

    def add_root(self, path: str) -> None:
        """Remember a folder of the library."""
        row = (os.fsencode(path), prefix_of(path))
        self._write("INSERT OR IGNORE INTO roots (path, prefix) VALUES (?, ?)", row)

    def roots(self) -> list[str]:
        """The folders of the library, in order of path."""
        return [os.fsdecode(row[0]) for row in self._db.execute("SELECT path FROM roots")]

    def forget_root(self, path: str) -> None:
        """Take a folder out, with the files that lie below no other one; commits.

        Raises:
            TokenAlignError: it is no folder of the library.
        """
        if path not in self.roots():
            raise TokenAlignError(
                f"{path}: not a folder of this library", "Name one that tokenalign status lists."
            )
        condition, parameters = below(path)
        gone = f"(SELECT id FROM files WHERE {condition} AND {_LOOSE})"
        with short_write(self._db):
            self._db.execute("DELETE FROM roots WHERE path = ?", (os.fsencode(path),))
            self._db.execute(f"DELETE FROM keywords WHERE rowid IN {gone}", parameters)
            self._db.execute(f"DELETE FROM files WHERE id IN {gone}", parameters)

    def loose_files(self) -> list[str]:
        """Files that were named one by one: they lie under no root."""
        rows = self._db.execute(f"SELECT path FROM files WHERE {_LOOSE}")
        return [os.fsdecode(row[0]) for row in rows]

    # Files

    def files_under(self, folder: str, bundle: int) -> Iterator[FileRow]:
        """The known files below a folder, or the one at this very path."""
        return self._files(*below(folder), bundle)

    def files(self) -> list[FileRow]:
        """All files that can be used, in order of path."""
        return list(self._files("failure IS NULL ORDER BY path", (), bundle=0))

    def holds_files_of(self, folder: str) -> bool:
        """Whether any file below a folder is known."""
        return any(self._files(*below(folder), bundle=0, limit=1))

    def files_with(self, digest: bytes, bundle: int) -> list[FileRow]:
        """The known files that hold these bytes."""
        return list(self._files("files.hash = ?", (digest,), bundle))

    def put_file(self, path: str, stamp: Stamp, digest: bytes, failure: str | None = None) -> None:
        """Add a file, or replace what is known of this path."""
        self._write(
            "INSERT INTO files (path, path_text, folder_text, name_text, size, mtime_ns, hash,"
            " failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
            " size = excluded.size, mtime_ns = excluded.mtime_ns, hash = excluded.hash,"
            " failure = excluded.failure",
            (*path_columns(path), stamp.size, stamp.mtime_ns, digest, failure),
        )
        self._write(f"{PUT_WORDS} WHERE path = ?", (os.fsencode(path),))

    def move_file(self, file_id: int, path: str, stamp: Stamp) -> None:
        """Give a file another path, in place of whatever is known of that path.

        What stood beside it has not moved with it, as far as is known.
        """
        for other in self._db.execute("SELECT id FROM files WHERE path = ?", (os.fsencode(path),)):
            if other[0] != file_id:
                self.remove_file(other[0])
        self._write(
            "UPDATE files SET path = ?, path_text = ?, folder_text = ?, name_text = ?, size = ?,"
            " mtime_ns = ? WHERE id = ?",
            (*path_columns(path), stamp.size, stamp.mtime_ns, file_id),
        )
        self._write("DELETE FROM transcripts WHERE file = ?", (file_id,))
        self._write(f"{PUT_WORDS} WHERE id = ?", (file_id,))

    def remove_file(self, file_id: int) -> None:
        """Forget a path; its content stays, in case it turns up again."""
        self._write("DELETE FROM keywords WHERE rowid = ?", (file_id,))
        self._write("DELETE FROM files WHERE id = ?", (file_id,))

    # Contents and vectors

    def put_bundle(self, identity: str, name: str) -> int:
        """The number of a bundle in this catalogue; new or under its present name."""
        self._write(
            "INSERT INTO bundles (identity, name) VALUES (?, ?)"
            " ON CONFLICT (identity) DO UPDATE SET name = excluded.name",
            (identity, name),
        )
        return int(self._value("SELECT id FROM bundles WHERE identity = ?", identity))

    def bundle(self, identity: str) -> int | None:
        """The number of a bundle, if it has ever encoded here."""
        number = self._value("SELECT id FROM bundles WHERE identity = ?", identity)
        return None if number is None else int(number)

    def latest_bundle_name(self) -> str:
        """Name of the bundle that made the newest vectors, or an empty string."""
        name = self._value(
            "SELECT name FROM bundles JOIN vectors ON bundles.id = bundle"
            " ORDER BY vectors.id DESC LIMIT 1"
        )
        return str(name or "")

    def problem_if_encoded(self, digest: bytes, bundle: int) -> str | None:
        """What is missing of a content that has sound vectors; None if it has none."""
        problem = self._value(
            "SELECT problem FROM contents JOIN vectors USING (hash)"
            " WHERE hash = ? AND bundle = ? AND NOT damaged",
            digest,
            bundle,
        )
        return None if problem is None else str(problem)

    def put_content(self, digest: bytes, info: AudioInfo) -> None:
        """Write down what is known of a content."""
        self._write(
            "INSERT OR REPLACE INTO contents (hash, format, encoding, sample_rate, channels,"
            " duration_s, problem) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                digest,
                info.container,
                info.subtype,
                info.sample_rate,
                info.channels,
                info.duration_s,
                info.problem,
            ),
        )

    def put_vectors(self, digest: bytes, bundle: int, location: Location) -> None:
        """Name the record that holds a content's vectors, in place of an older one."""
        self._write(
            "INSERT OR REPLACE INTO vectors (hash, bundle, segment, offset, length, crc)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                digest,
                bundle,
                location.segment,
                location.offset,
                location.length,
                location.crc,
            ),
        )

    def mark_damaged(self, vector_ids: Iterable[int]) -> None:
        """Set vectors aside: search leaves them out, the next index makes them anew; commits."""
        rows = [(vector_id,) for vector_id in vector_ids]
        if rows:
            with short_write(self._db):
                self._db.executemany("UPDATE vectors SET damaged = 1 WHERE id = ?", rows)

    def vectors(self) -> list[VectorRow]:
        """All sound vectors, in order of id."""
        return self._vectors("1", ())

    def vectors_after(self, bundle: int, last_id: int, *, limit: int) -> list[VectorRow]:
        """The first sound vectors of a bundle with an id above `last_id`, in order of id."""
        return self._vectors("bundle = ? AND vectors.id > ?", (bundle, last_id), limit=limit)

    def vector_rows(self, ids: Sequence[int]) -> list[VectorRow]:
        """Those of these ids whose vectors are sound and belong to a file, in order of id."""
        wanted = ",".join(map(str, map(int, ids)))
        return self._vectors(
            f"vectors.id IN ({wanted}) AND EXISTS (SELECT 1 FROM sounds WHERE hash = vectors.hash)",
            (),
        )

    def vector_sums(self, bundle: int, after: int, last: int) -> tuple[int, int]:
        """How many vectors a bundle has with ids above `after` up to `last`, and the sum of their
        checksums: two numbers that change when vectors do.
        """
        found = self._db.execute(
            "SELECT count(*), ifnull(sum(crc), 0) FROM vectors"
            " WHERE bundle = ? AND id > ? AND id <= ?",
            (bundle, after, last),
        )
        count, checksums = found.fetchone()
        return int(count), int(checksums)

    def segment_ends(self) -> dict[int, int]:
        """For each segment the end of its last named record."""
        rows = self._db.execute("SELECT segment, max(offset + length) FROM vectors GROUP BY 1")
        return dict(rows.fetchall())

    def segments_of(self, bundle: int) -> list[int]:
        """The segments that hold vectors of a bundle."""
        rows = self._db.execute("SELECT DISTINCT segment FROM vectors WHERE bundle = ?", (bundle,))
        return [row[0] for row in rows]

    # What search asks

    def searchable(self, bundle: int, where: str, parameters: Sequence[object]) -> list[int]:
        """Ids of the sound vectors that belong to a file for which the condition holds."""
        rows = self._db.execute(
            "SELECT id FROM vectors WHERE bundle = ? AND NOT damaged"
            f" AND hash IN (SELECT hash FROM sounds WHERE {where})",
            (bundle, *parameters),
        )
        return [row[0] for row in rows]

    def paths_of(self, digest: bytes, where: str, parameters: Sequence[object]) -> list[Path]:
        """The files that hold these bytes, those first for which the condition holds."""
        rows = self._db.execute(
            f"SELECT path FROM sounds WHERE hash = ? ORDER BY ({where}) DESC, path",
            (digest, *parameters),
        )
        return [Path(os.fsdecode(row[0])) for row in rows]

    def counts(self) -> Counts:
        """How many files there are, and how long they are together."""
        files, audio_s = self._db.execute(
            "SELECT count(*), total(duration_s) FROM sounds"
        ).fetchone()
        failed = int(self._value("SELECT count(*) FROM files WHERE failure IS NOT NULL"))
        return Counts(files, failed, audio_s)

    def self_check(self) -> list[str]:
        """What SQLite finds wrong with the database itself; empty when nothing is."""
        rows = self._db.execute("PRAGMA quick_check").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]

    # How it is asked

    def _vectors(
        self, where: str, parameters: Sequence[object], *, limit: int = -1
    ) -> list[VectorRow]:
        rows = self._db.execute(
            "SELECT vectors.id, hash, identity, segment, offset, length, crc, duration_s"
            " FROM vectors JOIN bundles ON bundles.id = bundle JOIN contents USING (hash)"
            f" WHERE NOT damaged AND {where} ORDER BY vectors.id LIMIT ?",
            (*parameters, limit),
        )
        return [VectorRow(row[0], row[1], row[2], Location(*row[3:7]), row[7]) for row in rows]

    def _files(
        self, where: str, parameters: Sequence[object], bundle: int, limit: int = -1
    ) -> Iterator[FileRow]:
        rows = self._db.execute(
            "SELECT files.id, path, files.size, files.mtime_ns, files.hash, failure,"
            " ifnull(problem, ''), vectors.id IS NOT NULL, transcripts.size, transcripts.mtime_ns"
            " FROM files"
            " LEFT JOIN transcripts ON transcripts.file = files.id"
            " LEFT JOIN contents ON contents.hash = files.hash"
            " LEFT JOIN vectors ON vectors.hash = files.hash AND bundle = ? AND NOT damaged"
            f" WHERE {where} LIMIT ?",
            (bundle, *parameters, limit),
        )
        for (
            file_id,
            path,
            size,
            mtime_ns,
            digest,
            failure,
            problem,
            encoded,
            *beside,
        ) in rows.fetchall():
            stamp = Stamp(size, mtime_ns)
            name = os.fsdecode(path)
            sidecar = None if beside[0] is None else Stamp(*beside)
            yield FileRow(file_id, name, stamp, digest, failure, problem, bool(encoded), sidecar)

    def _value(self, statement: str, *parameters: object) -> Any:
        row = self._db.execute(statement, parameters).fetchone()
        return None if row is None else row[0]

    def _write(self, statement: str, parameters: Sequence[object]) -> None:
        begin_write(self._db)
        self._db.execute(statement, parameters)
