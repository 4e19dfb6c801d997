"""Metadata in the catalogue: written by content, found by words, read once by each reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tokenalign.audio import AudioInfo
from tokenalign.library.catalogue import tags
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.metadata import READER

DOOR, RAIN = b"1" * 32, b"2" * 32


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Two files of one content, one of another, and a file that failed."""
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as opened:
        for digest in (DOOR, RAIN):
            info = AudioInfo(Path("x"), "wav", "PCM_16", 48_000, 1, 1.0, "")
            opened.put_content(digest, info)
        opened.put_file("/s/a.wav", Stamp(10, 20), DOOR)
        opened.put_file("/s/copy.wav", Stamp(10, 20), DOOR)
        opened.put_file("/s/deep/b.wav", Stamp(11, 21), RAIN)
        opened.put_file("/s/bad.wav", Stamp(12, 22), b"3" * 32, failure="no audio")
        opened.commit()
        yield opened


def asked(catalogue: Catalogue, question: str) -> list[tuple[object, ...]]:
    """What another connection sees: what is committed."""
    with closing(sqlite3.connect(catalogue.path)) as database:
        return database.execute(question).fetchall()


def bearing(catalogue: Catalogue, word: str) -> list[str]:
    rows = asked(
        catalogue,
        "SELECT path FROM files WHERE id IN"
        f" (SELECT rowid FROM keywords WHERE keywords MATCH '{word}') ORDER BY path",
    )
    return [bytes(row[0]).decode() for row in rows]  # type: ignore[call-overload]


def unread(catalogue: Catalogue, folder: str) -> list[str]:
    return [path for path, _, _ in catalogue.tags.unread_below(folder)]


def test_all_files_of_a_content_are_found_by_its_words(catalogue: Catalogue) -> None:
    catalogue.tags.put(DOOR, (("Description", "Rusty Hinge"), ("CatID", "DOORMetl")))
    assert bearing(catalogue, "rusty") == []  # not committed
    catalogue.commit()
    assert bearing(catalogue, "rusty") == ["/s/a.wav", "/s/copy.wav"]
    assert bearing(catalogue, "metl") == ["/s/a.wav", "/s/copy.wav"]
    assert asked(catalogue, "SELECT field, value, text FROM metadata ORDER BY field") == [
        ("CatID", "DOORMetl", "doormetl"),
        ("Description", "Rusty Hinge", "rusty hinge"),
    ]


def test_what_is_read_anew_replaces_what_was_known(catalogue: Catalogue) -> None:
    catalogue.tags.put(DOOR, (("Note", "old"), ("Take", "1")))
    catalogue.tags.put(DOOR, (("Note", "new"),))
    catalogue.commit()
    assert asked(catalogue, "SELECT field, value FROM metadata") == [("Note", "new")]
    assert bearing(catalogue, "old") == []
    assert bearing(catalogue, "new") == ["/s/a.wav", "/s/copy.wav"]


def test_what_is_rolled_back_is_not_read(catalogue: Catalogue) -> None:
    catalogue.tags.put(DOOR, (("Note", "old"),))
    assert catalogue.tags.is_read(DOOR)
    catalogue.rollback()
    assert not catalogue.tags.is_read(DOOR)


def test_unread_are_the_usable_files_below_a_folder(catalogue: Catalogue) -> None:
    assert unread(catalogue, "/s") == ["/s/a.wav", "/s/copy.wav", "/s/deep/b.wav"]
    assert unread(catalogue, "/s/deep") == ["/s/deep/b.wav"]
    assert unread(catalogue, "/other") == []
    ((path, stamp, digest),) = catalogue.tags.unread_below("/s/deep/b.wav")
    assert (path, stamp, digest) == ("/s/deep/b.wav", Stamp(11, 21), RAIN)
    catalogue.tags.put(RAIN, ())  # nothing was found, and that is known now
    assert unread(catalogue, "/s/deep") == []
    catalogue.tags.forget_read(RAIN)
    assert unread(catalogue, "/s/deep") == ["/s/deep/b.wav"]


@pytest.mark.parametrize("page_files", [1, 2, 100])
def test_what_is_read_meanwhile_falls_out(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, page_files: int
) -> None:
    monkeypatch.setattr(tags, "PAGE_FILES", page_files)
    given = []
    for path, _, digest in catalogue.tags.unread_below("/s"):
        given.append(path)
        catalogue.tags.put(digest, ())
    assert given == ["/s/a.wav", "/s/deep/b.wav"]


def test_a_newer_reader_reads_again(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue.tags.put(DOOR, ())
    assert catalogue.tags.is_read(DOOR)
    monkeypatch.setattr(tags, "READER", READER + 1)
    assert not catalogue.tags.is_read(DOOR)
    assert "/s/a.wav" in unread(catalogue, "/s")
