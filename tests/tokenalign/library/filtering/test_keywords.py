"""Which words find which sounds, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tokenalign.audio import AudioInfo
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.filtering.filters import parse_filter
from tokenalign.library.filtering.wording import expression, spread, words_in
from tokenalign.library.segments.layout import Location

FILES = (
    ("/lib/creak.wav", b"1"),
    ("/lib/creak and door.wav", b"2"),
    ("/lib/door/squeak.wav", b"3"),
    ("/lib/plain.wav", b"4"),
    ("/other/creak again.wav", b"1"),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """The first bundle has encoded all contents; the second only the first one."""
    info = AudioInfo(Path("/x"), "wav", "PCM_16", 48_000, 1, 1.0, "")
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as opened:
        first, second = (opened.put_bundle(letter * 64, letter) for letter in "ab")
        for path, digest in FILES:
            opened.put_content(digest, info)
            opened.put_file(path, Stamp(1, 1), digest)
            opened.put_vectors(digest, first, Location(1, 128, 64, 7))
        opened.put_vectors(b"1", second, Location(2, 128, 64, 7))
        opened.tags.put(b"4", [("Description", "an old DOORWood, creaking, eine Türglocke")])
        opened.commit()
        yield opened


def found(
    catalogue: Catalogue, words: str, *, where: str = "", bundle: int = 1, limit: int = 10
) -> list[tuple[bytes, tuple[str, ...]]]:
    matches = catalogue.keywords.matching(
        words.split(), parse_filter(where), bundle=bundle, limit=limit
    )
    return [(match.digest, match.words) for match in matches]


def test_names_before_metadata_before_folders(catalogue: Catalogue) -> None:
    assert found(catalogue, "door") == [(b"2", ("door",)), (b"4", ("door",)), (b"3", ("door",))]


def test_more_words_before_fewer_and_copies_once(catalogue: Catalogue) -> None:
    matches = dict(found(catalogue, "Creak door"))
    assert matches.keys() == {b"1", b"2", b"3", b"4"}
    assert matches[b"2"] == ("creak", "door")
    assert matches[b"4"] == ("creak", "door")  # "creaking" begins with it
    assert matches[b"1"] == ("creak",)
    assert found(catalogue, "creak door", limit=1) == [(b"2", ("creak", "door"))]


def test_parts_of_compounds_and_whole_compounds(catalogue: Catalogue) -> None:
    assert found(catalogue, "wood") == [(b"4", ("wood",))]
    assert found(catalogue, "doorwood") == [(b"4", ("doorwood",))]


def test_filters_bundles_and_damage_count(catalogue: Catalogue) -> None:
    assert found(catalogue, "creak", where="folder=/other") == [(b"1", ("creak",))]
    assert found(catalogue, "creak", where="name=plain.wav") == [(b"4", ("creak",))]
    assert found(catalogue, "door", bundle=2) == []
    assert found(catalogue, "creak", bundle=2) == [(b"1", ("creak",))]
    catalogue.mark_damaged([row.id for row in catalogue.vectors() if row.digest == b"1"])
    assert b"1" not in dict(found(catalogue, "creak"))


def test_no_words_find_nothing(catalogue: Catalogue) -> None:
    for words in ("", "?! --", "absent"):
        assert found(catalogue, words) == []
    assert found(catalogue, "creak", limit=0) == []


@pytest.mark.parametrize("words", ['"', "door*", "NOT door", "name:door", "(door", "a^b", "\udcff"])
def test_signs_are_no_commands(catalogue: Catalogue, words: str) -> None:
    assert (b"2" in dict(found(catalogue, words))) == ("door" in words)


def test_words_follow_moves_and_removals(catalogue: Catalogue) -> None:
    (plain,) = catalogue.files_under("/lib/plain.wav", bundle=1)
    catalogue.move_file(plain.id, "/lib/Thunder.wav", Stamp(1, 1))
    assert found(catalogue, "thunder") == [(b"4", ("thunder",))]
    assert found(catalogue, "plain") == []
    catalogue.remove_file(plain.id)
    assert found(catalogue, "thunder wood") == []
    catalogue.put_file("/lib/again.wav", Stamp(1, 1), b"4")
    assert found(catalogue, "wood") == [(b"4", ("wood",))]


def test_completions(catalogue: Catalogue) -> None:
    assert catalogue.keywords.completing("an old cre", 5) == ("creak", "creaking")
    assert catalogue.keywords.completing("do", 1) == ("door",)
    assert catalogue.keywords.completing("d", 5) == ()
    assert catalogue.keywords.completing("creak ", 5) == ("creak", "creaking")
    for begun in ("Tü", "tu", "Tu\u0308"):  # as the keyboard has it, plain, and decomposed
        assert catalogue.keywords.completing(begun, 5) == ("turglocke",)


def test_words_of_texts() -> None:
    assert words_in("Door_Creak-02, door!") == ("door", "creak", "02")
    assert spread("DOORWood2 x") == "DOORWood2 x DOOR Wood 2"
    assert spread("plain") == "plain"


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("barks", '"bark"*'),
        ("barking", '"bark"*'),
        ("slammed", '"slam"*'),
        ("falling", '"fall"*'),
        ("glass", '"glass"*'),
        ("bus", '"bus"*'),
        ("ring", '"ring"*'),
        ("as", '"as"'),
    ],
)
def test_english_endings_do_not_keep_a_word_from_its_kin(word: str, asked: str) -> None:
    assert expression(word) == asked
