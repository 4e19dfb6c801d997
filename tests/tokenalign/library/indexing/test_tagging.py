"""Indexing reads metadata: once, with the file's row, and later for what was indexed before."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import (
    FakeBundle,
    FakeModel,
    InlineDecoder,
    indexed,
    write_tones,
)
from tests.tokenalign.metadata.builders import bext, info
from tokenalign.library import Library, pulse
from tokenalign.library.catalogue import tags
from tokenalign.library.indexing import tagging
from tokenalign.metadata import READER, metadata_in

Metadata = tuple[tuple[str, str], ...]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose metadata has been read."""
    names: list[str] = []

    def noted(path: Path) -> Metadata:
        names.append(path.name)
        return metadata_in(path)

    monkeypatch.setattr(tagging, "metadata_in", noted)
    return names


def described(path: Path, words: str, band: int = 1) -> Path:
    """A tone with a description."""
    write_tones(path, (band, 1.0))
    with path.open("ab") as file:
        file.write(bext(description=words.encode()) + info({b"IENG": b"A. Person"}))
    return path


def asked(library: Library, question: str, *, changing: bool = False) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(library.data_dir / "catalogue.sqlite")) as database:
        rows = database.execute(question).fetchall()
        if changing:
            database.commit()
        return rows


def values(library: Library, field: str) -> list[object]:
    rows = asked(library, f"SELECT value FROM metadata WHERE field = '{field}' ORDER BY value")
    return [row[0] for row in rows]


def bearing(library: Library, word: str) -> list[object]:
    rows = asked(
        library,
        "SELECT name_text FROM files WHERE id IN"
        f" (SELECT rowid FROM keywords WHERE keywords MATCH '{word}') ORDER BY name_text",
    )
    return [row[0] for row in rows]


def test_what_files_say_is_found_after_indexing(library: Library, sounds: Path) -> None:
    described(sounds / "gate.wav", "Rusty iron gate")
    indexed(library, sounds)
    assert values(library, "Description") == ["Rusty iron gate"]
    assert values(library, "Recordist") == ["A. Person"]
    assert bearing(library, "rusty") == ["gate.wav"]


def test_files_are_read_once(library: Library, sounds: Path, reads: list[str]) -> None:
    indexed(library, sounds)
    assert sorted(reads) == [f"band{band}.wav" for band in range(8)]
    os.utime(sounds / "band3.wav", ns=(1, 1))
    indexed(library, sounds)
    indexed(library, sounds, model=FakeModel(FakeBundle(name="other", identity="b" * 64)))
    assert len(reads) == 8


def test_a_copy_is_not_read_and_found_all_the_same(
    library: Library, sounds: Path, reads: list[str]
) -> None:
    gate = described(sounds / "gate.wav", "Rusty iron gate")
    indexed(library, sounds)
    shutil.copy(gate, sounds / "copy.wav")
    indexed(library, sounds)
    assert reads.count("gate.wav") + reads.count("copy.wav") == 1
    assert bearing(library, "rusty") == ["copy.wav", "gate.wav"]


def test_a_changed_file_says_what_it_says_now(library: Library, sounds: Path) -> None:
    described(sounds / "gate.wav", "Rusty iron gate")
    indexed(library, sounds)
    described(sounds / "gate.wav", "Oiled gate", band=3)
    indexed(library, sounds)
    assert bearing(library, "rusty") == []
    assert bearing(library, "oiled") == ["gate.wav"]


def test_a_file_that_is_renamed_says_what_its_new_name_says(
    library: Library, sounds: Path, decoder: InlineDecoder, reads: list[str]
) -> None:
    indexed(library, sounds)
    (sounds / "deep").mkdir()
    (sounds / "band0.wav").rename(sounds / "deep" / "band0.wav")
    (sounds / "band1.wav").rename(sounds / "DOORMetl_Gate_ABC_YARD.wav")
    indexed(library, sounds)
    assert values(library, "CatID") == ["DOORMetl"]
    assert reads[8:] == ["DOORMetl_Gate_ABC_YARD.wav"]
    assert len(decoder.opened) == 8


def test_an_older_catalogue_gets_its_metadata_without_decoding(
    library: Library, sounds: Path, decoder: InlineDecoder, reads: list[str]
) -> None:
    described(sounds / "gate.wav", "Rusty iron gate")
    described(sounds / "absent.wav", "Gone for now", band=2)
    indexed(library, sounds)
    for table in ("metadata", "metadata_read"):
        asked(library, f"DELETE FROM {table}", changing=True)
    asked(library, "UPDATE keywords SET tags = ''", changing=True)
    (sounds / "absent.wav").rename(sounds.parent / "absent.wav")
    reads.clear()
    report = indexed(library, sounds)
    assert (report.indexed, report.unchanged, len(decoder.opened)) == (0, 9, 10)
    assert bearing(library, "rusty") == ["gate.wav"]
    assert len(reads) == 9


def test_a_newer_reader_reads_everything_anew(
    library: Library, sounds: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(library, sounds)
    monkeypatch.setattr(tags, "READER", READER + 1)
    indexed(library, sounds)
    indexed(library, sounds)
    assert len(reads) == 16


def test_what_cannot_be_read_now_is_read_another_time(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = described(sounds / "gate.wav", "Rusty iron gate")
    with monkeypatch.context() as patch:
        patch.setattr(tagging, "metadata_in", lambda path: metadata_in(path / "not there"))
        report = indexed(library, sounds)
    assert (report.indexed, report.failed) == (9, ())
    assert bearing(library, "rusty") == []
    indexed(library, gate)
    assert bearing(library, "rusty") == ["gate.wav"]


def test_a_file_that_changes_after_the_scan_is_not_read_for_what_it_was(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(library, sounds)
    asked(library, "DELETE FROM metadata_read", changing=True)
    monkeypatch.setattr(tagging, "is_unchanged", lambda path, stamp: path.name != "band2.wav")
    indexed(library, sounds)
    assert asked(library, "SELECT count(*) FROM metadata_read") == [(7,)]


def test_stopping_keeps_what_was_read(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(library, sounds)
    asked(library, "DELETE FROM metadata_read", changing=True)
    monkeypatch.setattr(pulse.Pulse, "due", lambda self: True)
    steps = library.index([sounds], FakeModel())
    while next(steps).stage != "metadata":
        pass
    steps.close()
    ((count,),) = asked(library, "SELECT count(*) FROM metadata_read")
    assert count == 1
    indexed(library, sounds)
    assert asked(library, "SELECT count(*) FROM metadata_read") == [(8,)]
