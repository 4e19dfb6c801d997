"""A catalogue of the first version becomes a current one, and a copy of it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tokenalign.library.catalogue.old_catalogues import (
    CONTENTS,
    FILES,
    write_version_1,
)
from tokenalign.library.catalogue import schema
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.tables import MIGRATIONS
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.speech.transcripts import parse_transcript


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A catalogue of version 1."""
    path = tmp_path / "catalogue.sqlite"
    write_version_1(path)
    return path


def test_what_was_there_is_there_and_sorted_by(old: Path) -> None:
    with closing(Catalogue(old)) as catalogue:
        counts = catalogue.counts()
        assert (counts.files, counts.failed, counts.audio_s) == (3, 1, 122.5)
        assert catalogue.roots() == ["/lib"]
        rows = [(row.path, row.digest) for row in catalogue.files()]
        assert rows == [(path, digest) for path, digest, failure in FILES if failure is None]
        facts = "SELECT usable, duration_s, format, sample_rate, channels FROM files ORDER BY id"
        assert catalogue._db.execute(facts).fetchall() == [
            (1, 2.5, "wav", 48_000, 1),
            (1, 60.0, "flac", 44_100, 2),
            (1, 60.0, "flac", 44_100, 2),
            (0, None, None, None, None),
        ]


def test_words_of_older_files_are_found(old: Path) -> None:
    with closing(Catalogue(old)) as catalogue:
        assert catalogue.keywords.completing("wo", 5) == ("wood",)
        assert catalogue.keywords.completing("marz", 5) == ("marz",)


def test_the_older_catalogue_is_kept_whole_beside_it(old: Path) -> None:
    Catalogue(old).close()
    kept = old.with_name("catalogue.sqlite.before-3")
    assert {path.name for path in old.parent.iterdir()} == {old.name, kept.name}
    with closing(sqlite3.connect(kept)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM files").fetchone() == (len(FILES),)
        assert database.execute("SELECT * FROM contents ORDER BY hash").fetchall() == [*CONTENTS]


def test_nothing_is_kept_of_a_catalogue_that_is_new_or_current(tmp_path: Path) -> None:
    for _ in range(2):
        Catalogue(tmp_path / "catalogue.sqlite").close()
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.sqlite"]


def test_without_a_copy_nothing_is_changed(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, copy: Path) -> None:
        raise OSError(28, f"no space left for {copy.name}")

    monkeypatch.setattr(schema, "_set_aside", refuse)
    with pytest.raises(OSError, match=r"no space left for catalogue\.sqlite\.before-3"):
        Catalogue(old)
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM files").fetchone() == (len(FILES),)


def test_a_catalogue_of_version_2_keeps_its_words(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", MIGRATIONS[:2])
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 2)
    with closing(sqlite3.connect(old, isolation_level=None)) as database:
        schema.bring_up_to_date(database, old)
    monkeypatch.undo()

    with closing(Catalogue(old)) as catalogue:
        assert catalogue.keywords.completing("marz", 5) == ("marz",)
        catalogue.transcripts.put(FILES[1][0], Stamp(1, 2), parse_transcript("mind the gap"))
        assert catalogue.keywords.completing("gap", 5) == ("gap",)
        assert catalogue.keywords.completing("marz", 5) == ("marz",)
    assert old.with_name("catalogue.sqlite.before-3").exists()
