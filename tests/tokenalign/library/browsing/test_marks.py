"""Favourites and collections: they go by content, outlive everything, and wait for no indexer."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel, indexed, write_tones
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library, pulse
from tokenalign.library.catalogue import database
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.fingerprint import Stamp


def found(library: Library, where: str) -> list[str]:
    return [sound.name for sound in library.browse(where=where)]


@pytest.fixture
def filled(library: Library, sounds: Path) -> Library:
    indexed(library, sounds)
    return library


def test_stars_are_given_and_taken(filled: Library, sounds: Path) -> None:
    chosen = [sounds / "band1.wav", sounds / "band4.wav"]
    for _ in range(2):
        filled.set_favourite(chosen, True)
        assert found(filled, "favourite") == ["band1.wav", "band4.wav"]
    filled.set_favourite([chosen[0], sounds / "unknown.wav"], False)
    assert found(filled, "favourite") == ["band4.wav"]
    assert filled.facts(chosen)[chosen[1]].favourite
    assert not filled.facts(chosen)[chosen[0]].favourite


def test_collections_are_filled_emptied_and_deleted(filled: Library, sounds: Path) -> None:
    filled.collect("For  the Film ", [sounds / "band1.wav", sounds / "band2.wav"])
    filled.collect("for the FILM", [sounds / "band2.wav", sounds / "band3.wav"])
    filled.collect("empty", [])
    assert filled.collections() == ("empty", "For the Film")
    where = 'collection="for the film"'
    assert found(filled, where) == ["band1.wav", "band2.wav", "band3.wav"]
    filled.uncollect("For the film", [sounds / "band2.wav"])
    assert found(filled, where) == ["band1.wav", "band3.wav"]
    filled.delete_collection("FOR THE FILM")
    assert filled.collections() == ("empty",)
    assert found(filled, where) == []
    filled.collect("for the film", [])
    assert found(filled, where) == []


def test_a_collection_is_renamed_with_all_that_is_in_it(filled: Library, sounds: Path) -> None:
    filled.collect("film", [sounds / "band1.wav"])
    filled.collect("other", [])
    filled.rename_collection("film", "FILM")
    filled.rename_collection("Film", " Second  film")
    assert filled.collections() == ("other", "Second film")
    assert found(filled, 'collection="second film"') == ["band1.wav"]
    filled.rename_collection("nobody", "knows")
    assert filled.collections() == ("other", "Second film")


def test_a_name_that_another_collection_has_is_refused(filled: Library, sounds: Path) -> None:
    filled.collect("film", [sounds / "band1.wav"])
    filled.collect("Other", [])
    with pytest.raises(TokenAlignError, match="'OTHER' already"):
        filled.rename_collection("film", "OTHER")
    with pytest.raises(TokenAlignError, match="cannot be called"):
        filled.rename_collection("film", " ")
    assert filled.collections() == ("film", "Other")
    assert found(filled, "collection=film") == ["band1.wav"]


@pytest.mark.parametrize("name", ["", " \n", "x" * 201])
def test_names_that_say_nothing_are_refused(filled: Library, name: str) -> None:
    with pytest.raises(TokenAlignError, match="cannot be called"):
        filled.collect(name, [])
    assert filled.collections() == ()


def test_marks_follow_moves_copies_and_returns(filled: Library, sounds: Path) -> None:
    first = sounds / "band1.wav"
    filled.set_favourite([first], True)
    filled.collect("kept", [first])
    shutil.copy(first, sounds / "copy.wav")
    first.rename(sounds / "moved.wav")
    indexed(filled, sounds)
    assert found(filled, "favourite and collection=kept") == ["copy.wav", "moved.wav"]
    (sounds / "copy.wav").unlink()
    (sounds / "moved.wav").rename(sounds.parent / "away.wav")
    indexed(filled, sounds)
    assert found(filled, "favourite") == []
    (sounds.parent / "away.wav").rename(sounds / "back.wav")
    indexed(filled, sounds)
    assert found(filled, "favourite and collection=kept") == ["back.wav"]


def test_a_file_that_is_edited_where_it_lies_stays_marked(filled: Library, sounds: Path) -> None:
    first = sounds / "band1.wav"
    filled.set_favourite([first], True)
    filled.collect("kept", [first])
    write_tones(first, (6, 2.0))
    indexed(filled, sounds)
    assert found(filled, "favourite and collection=kept") == ["band1.wav"]


def test_files_that_trade_names_do_not_trade_marks(filled: Library, sounds: Path) -> None:
    one, other = sounds / "band1.wav", sounds / "band2.wav"
    filled.set_favourite([one], True)
    one.rename(sounds / "between.wav")
    other.rename(one)
    (sounds / "between.wav").rename(other)
    later = time.time() + 10
    os.utime(one, (later, later))
    os.utime(other, (later, later))
    indexed(filled, sounds)
    assert found(filled, "favourite") == ["band2.wav"]


def test_search_goes_by_marks_at_once(filled: Library, sounds: Path) -> None:
    model = FakeModel()
    assert len(filled.search("band 3", model, where="favourite").results) == 0
    filled.set_favourite([sounds / "band5.wav"], True)
    (hit,) = filled.search("band 3", model, where="favourite").results
    assert hit.path == sounds / "band5.wav"


def test_marking_squeezes_in_between_an_indexers_transactions(
    filled: Library, sounds: Path
) -> None:
    """The writer below lets go for a moment only, every 50 ms."""
    done = threading.Event()

    def write() -> None:
        with closing(Catalogue(filled.data_dir / "catalogue.sqlite")) as catalogue:
            while not done.is_set():
                for number in range(5):
                    catalogue.put_file(f"/x/{number}.wav", Stamp(1, 1), b"x", failure="fake")
                    time.sleep(0.01)
                catalogue.commit()
                time.sleep(0.003)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            filled.set_favourite([sounds / "band1.wav"], True)
            filled.collect("kept", [sounds / "band1.wav"])
    finally:
        done.set()
        writer.join()
    assert found(filled, "favourite and collection=kept") == ["band1.wav"]


# Forgetting folders


def test_a_forgotten_folder_comes_back_with_its_marks_and_vectors(
    filled: Library, sounds: Path
) -> None:
    filled.set_favourite([sounds / "band1.wav"], True)
    filled.forget(sounds)
    status = filled.status()
    assert (status.files, status.roots) == (0, ())
    assert filled.words_completing("band") == ()
    assert len(list(sounds.iterdir())) == 8
    model = FakeModel()
    assert indexed(filled, sounds, model=model).indexed == 8
    assert model.encoded == 0
    assert found(filled, "favourite") == ["band1.wav"]


def test_what_another_folder_holds_stays(filled: Library, sounds: Path) -> None:
    write_tones(sounds / "inner" / "deep.wav", (1, 1.0), seed=5)
    write_tones(sounds.parent / "other" / "wide.wav", (2, 1.0), seed=5)
    indexed(filled, sounds / "inner")
    indexed(filled, sounds.parent)
    roots = {root.path for root in filled.status().roots}
    assert roots == {sounds, sounds.parent}
    filled.forget(sounds.parent)
    assert [root.path for root in filled.status().roots] == [sounds]
    assert filled.count() == 9
    assert found(filled, "name=wide.wav") == []


def test_only_folders_of_the_library_are_forgotten(filled: Library, sounds: Path) -> None:
    for path in (sounds / "band1.wav", sounds.parent):
        with pytest.raises(TokenAlignError, match="not a folder of this library"):
            filled.forget(path)
    assert filled.count() == 8


def test_nothing_is_forgotten_while_an_indexer_may_put_it_back(
    filled: Library, sounds: Path
) -> None:
    write_tones(sounds / "new.wav", (1, 1.0), seed=9)
    indexing = filled.index([sounds], FakeModel())
    next(indexing)
    with pytest.raises(TokenAlignError, match="is writing to this library"):
        filled.forget(sounds)
    indexing.close()
    filled.forget(sounds)
    assert filled.count() == 0


def test_an_index_that_rests_keeps_nobody_from_marking(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    monkeypatch.setattr(pulse.Pulse, "due", lambda self: True)
    reports = 0
    for progress in library.index([sounds], FakeModel()):
        library.set_favourite([sounds / "band1.wav"], True)
        reports += progress.stage == "index"
    assert reports > 3
    assert found(library, "favourite") == ["band1.wav"]
