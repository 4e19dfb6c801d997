"""The catalogue: versions, transactions, paths."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tokenalign.audio import AudioInfo
from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue import schema
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.database import told_plainly
from tokenalign.library.catalogue.tables import MIGRATIONS
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.files.names import comparable, prefix_of
from tokenalign.library.segments.layout import Location

STAMP = Stamp(10, 20)


def paths_under(catalogue: Catalogue, folder: str) -> list[str]:
    return sorted(row.path for row in catalogue.files_under(folder, bundle=0))


def test_a_newer_catalogue_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    with pytest.raises(TokenAlignError, match="made by a newer TokenAlign"):
        Catalogue(path)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION + 1,)


def test_an_older_catalogue_is_brought_up_to_date_or_left_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(Catalogue(path)) as catalogue:
        catalogue.put_file("/a.wav", STAMP, b"1")
        catalogue.commit()
    before, migrations = schema.SCHEMA_VERSION, MIGRATIONS
    broken = ("ALTER TABLE files ADD COLUMN note TEXT", "UPDATE nothing SET x = 1")
    for statements, version in ((broken, before), (broken[:1], before + 1)):
        monkeypatch.setattr(schema, "MIGRATIONS", (*migrations, statements))
        monkeypatch.setattr(schema, "SCHEMA_VERSION", before + 1)
        if version == before:
            with pytest.raises(sqlite3.OperationalError):
                Catalogue(path)
        else:
            Catalogue(path).close()
        with closing(sqlite3.connect(path)) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(files)")]
            assert ("note" in columns) == (version > before)
            assert database.execute("PRAGMA user_version").fetchone() == (version,)
            assert database.execute("SELECT count(*) FROM files").fetchone() == (1,)


def test_what_is_not_committed_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(Catalogue(path)) as reader:
        with closing(Catalogue(path)) as catalogue:
            catalogue.put_file("/a.wav", STAMP, b"1")
            assert paths_under(catalogue, "/") == ["/a.wav"]
            assert paths_under(reader, "/") == []
            catalogue.commit()
            assert paths_under(reader, "/") == ["/a.wav"]
            catalogue.put_file("/b.wav", STAMP, b"2")
            catalogue.rollback()
            catalogue.put_file("/c.wav", STAMP, b"3")
        assert paths_under(reader, "/") == ["/a.wav"]


def test_commits_are_durable_and_readers_do_not_wait(tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        asked = ["PRAGMA journal_mode", "PRAGMA synchronous"]
        assert [catalogue._value(each) for each in asked] == ["wal", 2]  # 2: FULL


def test_below_a_folder_means_below_it(tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        for path in ("/a/b/1.wav", "/a/b.wav", "/a/b c/2.wav", "/a/b/c/3.wav", "/a/b0/4.wav"):
            catalogue.put_file(path, STAMP, b"1")
        assert paths_under(catalogue, "/a/b") == ["/a/b/1.wav", "/a/b/c/3.wav"]
        assert paths_under(catalogue, "/a/b.wav") == ["/a/b.wav"]
        assert len(paths_under(catalogue, "/")) == 5
        catalogue.add_root("/a/b")
        assert sorted(catalogue.loose_files()) == ["/a/b c/2.wav", "/a/b.wav", "/a/b0/4.wav"]


def test_names_that_are_not_utf8_come_back_byte_for_byte(tmp_path: Path) -> None:
    name = os.fsdecode(b"/lib/d\xf6r \xff.wav")
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.put_file(name, STAMP, b"1")
        catalogue.add_root(os.fsdecode(b"/lib/\xfe"))
        assert paths_under(catalogue, "/lib") == [name]
        assert catalogue.roots() == [os.fsdecode(b"/lib/\xfe")]


def test_a_moved_file_keeps_its_id_and_takes_the_place_of_another(tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.put_file("/a.wav", STAMP, b"1")
        catalogue.put_file("/b.wav", STAMP, b"2")
        (old,) = catalogue.files_under("/a.wav", bundle=0)
        catalogue.move_file(old.id, "/b.wav", Stamp(10, 21))
        (moved,) = catalogue.files_under("/", bundle=0)
        assert (moved.id, moved.path, moved.digest) == (old.id, "/b.wav", b"1")


def test_damaged_vectors_count_as_none(tmp_path: Path) -> None:
    info = AudioInfo(Path("/a.wav"), "wav", "PCM_16", 48_000, 2, 1.5, "cut")
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        bundle = catalogue.put_bundle("1" * 64, "starter")
        catalogue.put_content(b"1", info)
        for offset in (128, 640):
            catalogue.put_vectors(b"1", bundle, Location(1, offset, 64, 7))
            assert catalogue.problem_if_encoded(b"1", bundle) == "cut"
            catalogue.commit()
            (row,) = catalogue.vectors_after(bundle, 0, limit=9)
            assert (row.digest, row.identity, row.duration_s) == (b"1", "1" * 64, 1.5)
            assert row.location.offset == offset
            catalogue.mark_damaged([row.id])
            assert catalogue.vectors() == []
            assert catalogue.problem_if_encoded(b"1", bundle) is None
        assert catalogue.segment_ends() == {1: 704}


def test_errors_of_the_database_are_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"something else altogether" * 100)
    with pytest.raises(TokenAlignError, match="not a database") as raised, told_plainly(tmp_path):
        Catalogue(tmp_path / "catalogue.sqlite")
    assert str(tmp_path) in raised.value.message


def test_comparable_text() -> None:
    assert comparable("Tür STRAßE") == comparable("tu\u0308r strasse")
    assert comparable("a\udcf6") == "a?"
    assert prefix_of("/a/") == prefix_of("/a") == b"/a/"
    assert prefix_of("/") == b"/"
