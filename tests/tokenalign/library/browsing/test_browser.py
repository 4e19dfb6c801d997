"""Browsing against sorting and filtering in Python, page by page."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tokenalign.audio import AudioInfo
from tokenalign.errors import TokenAlignError
from tokenalign.library import Failure, Library, SoundFacts
from tokenalign.library.browsing.listing import order_by
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.filtering.filters import parse_filter

NAMES = (
    "/lib/Doors/creak.wav",
    "/lib/Doors/Slam.flac",
    "/lib/Rain/Regen März.wav",
    "/lib/Rain/drops.ogg",
    "/lib/Rain/wood in rain.wav",
    "/lib/alone.mp3",
)
TAGS = {2: "RAIN", 3: "rain light", 1: "DOORS"}
FAVOURITES = {"drops.ogg", "creak.wav"}

KEYS: dict[str, Callable[[SoundFacts], Any]] = {
    "name": lambda s: s.name.casefold(),
    "folder": lambda s: (s.folder.casefold(), s.name.casefold()),
    "duration": lambda s: s.duration_s,
    "format": lambda s: (s.format, s.name.casefold()),
    "rate": lambda s: (s.sample_rate, s.name.casefold()),
    "channels": lambda s: (s.channels, s.name.casefold()),
    "modified": lambda s: s.mtime_ns,
    "size": lambda s: s.size,
}


def put(catalogue: Catalogue, number: int, path: str) -> None:
    digest = bytes([number])
    info = AudioInfo(
        path=Path(path),
        container=path.rsplit(".", 1)[1],
        subtype="PCM_16",
        sample_rate=(48_000, 44_100)[number % 2],
        channels=1 + number // 3,
        duration_s=float(number * 7 % 5),
        problem="cut" if number == 4 else "",
    )
    catalogue.put_content(digest, info)
    catalogue.put_file(path, Stamp(number * 3 % 7, 1000 + number * 5 % 11), digest)
    if number in TAGS:
        catalogue.tags.put(digest, [("Category", TAGS[number]), ("Title", f"Take {number}")])


@pytest.fixture
def library(library: Library) -> Library:
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        for number, path in enumerate(NAMES):
            put(catalogue, number, path)
        catalogue.put_file("/lib/broken.wav", Stamp(1, 1), b"?", failure="no sound in it")
        catalogue.put_file("/lib/a/worse.wav", Stamp(1, 1), b"!", failure="empty")
        catalogue.commit()
    library.set_favourite([Path(path) for path in NAMES if Path(path).name in FAVOURITES], True)
    return library


def names(sounds: tuple[SoundFacts, ...]) -> list[str]:
    return [sound.name for sound in sounds]


@pytest.mark.parametrize("order", sorted(KEYS))
@pytest.mark.parametrize("descending", [False, True])
def test_orders_are_those_of_python(library: Library, order: str, descending: bool) -> None:
    sounds = library.browse(order=order, descending=descending)
    keys = [KEYS[order](sound) for sound in sounds]
    assert len(keys) == len(NAMES)
    assert keys == sorted(keys, reverse=descending)


@pytest.mark.parametrize("order", [*sorted(KEYS), "favourite", "category"])
def test_pages_hold_every_sound_once(library: Library, order: str) -> None:
    pages = [library.browse(order=order, offset=first, limit=2) for first in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 2, 0]
    assert tuple(sound for page in pages for sound in page) == library.browse(order=order)


def test_favourites_and_metadata_sort_too(library: Library) -> None:
    assert names(library.browse(order="favourite", descending=True)) == [
        "creak.wav", "drops.ogg", "alone.mp3", "Regen März.wav", "Slam.flac", "wood in rain.wav",
    ]  # fmt: skip
    silent = ["alone.mp3", "creak.wav", "wood in rain.wav"]
    told = ["Slam.flac", "Regen März.wav", "drops.ogg"]
    assert names(library.browse(order="category")) == told + silent
    assert names(library.browse(order="Category", descending=True)) == told[::-1] + silent


def test_a_kept_order_ends_with_the_next_change(library: Library) -> None:
    assert names(library.browse(order="favourite", descending=True, limit=1)) == ["creak.wav"]
    assert names(library.browse(order="favourite", limit=1)) == ["alone.mp3"]
    library.set_favourite([Path("/lib/alone.mp3")], True)
    assert names(library.browse(order="favourite", limit=1)) == ["Regen März.wav"]
    library.set_favourite([Path("/lib/Rain/Regen März.wav")], True)
    assert names(library.browse(order="favourite", limit=1)) == ["Slam.flac"]
    assert names(library.browse(order="favourite", limit=1, where="format=ogg")) == ["drops.ogg"]


def test_what_cannot_be_sorted_by_is_told(library: Library) -> None:
    with pytest.raises(TokenAlignError, match="cannot be sorted by 'match'"):
        library.browse(order="match")


@pytest.mark.parametrize(
    ("where", "words", "expected"),
    [
        ("", "", ["alone.mp3", "creak.wav", "drops.ogg", "Regen März.wav", "Slam.flac",
                  "wood in rain.wav"]),
        ("folder~rain", "", ["drops.ogg", "Regen März.wav", "wood in rain.wav"]),
        ("", "rain", ["drops.ogg", "Regen März.wav", "wood in rain.wav"]),
        ("", "RAIN woo", ["wood in rain.wav"]),
        ("", "marz", ["Regen März.wav"]),
        ("", "light", ["drops.ogg"]),
        ("favourite or category=doors", "", ["creak.wav", "drops.ogg", "Slam.flac"]),
        ("favourite or category=doors", "doors", ["creak.wav", "Slam.flac"]),
        ("duration<0", "", []),
        ("", "?!", []),
        ("", "  ", ["alone.mp3", "creak.wav", "drops.ogg", "Regen März.wav", "Slam.flac",
                    "wood in rain.wav"]),
        ("", 'no" OR name:creak*', []),
    ],
)  # fmt: skip
def test_filters_and_words_narrow_both_page_and_count(
    library: Library, where: str, words: str, expected: list[str]
) -> None:
    assert names(library.browse(where=where, words=words)) == expected
    assert library.count(where=where, words=words) == len(expected)


def test_facts_say_all_that_is_known(library: Library) -> None:
    path, broken, unknown = Path(NAMES[3]), Path("/lib/broken.wav"), Path("/lib/unknown.wav")
    assert library.facts([path, broken, unknown]) == {
        path: SoundFacts(
            path=path,
            name="drops.ogg",
            folder="/lib/Rain",
            duration_s=1.0,
            format="ogg",
            encoding="PCM_16",
            sample_rate=44_100,
            channels=2,
            size=2,
            mtime_ns=1004,
            problem="",
            favourite=True,
            metadata=(("Title", "Take 3"), ("Category", "rain light")),
        )
    }
    assert library.facts([Path(NAMES[4])])[Path(NAMES[4])].problem == "cut"


def test_names_that_are_not_utf8_are_browsed_like_any_other(library: Library) -> None:
    name = os.fsdecode(b"/lib/d\xf6r.wav")
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        put(catalogue, 9, name)
        catalogue.commit()
    (sound,) = library.browse(where="name~d?r")
    assert sound.path == Path(name)
    assert library.facts([Path(name)]) == {Path(name): sound}


def test_failures_are_listed_by_path(library: Library) -> None:
    assert library.failures() == (
        Failure(Path("/lib/a/worse.wav"), "empty"),
        Failure(Path("/lib/broken.wav"), "no sound in it"),
    )


def test_words_are_completed_by_what_more_files_bear(library: Library) -> None:
    assert library.words_completing("a door ra") == ("rain",)
    assert library.words_completing("wa", limit=5) == ("wav",)
    assert library.words_completing("r") == ()
    assert library.words_completing("do") == ("doors",)


def test_a_page_is_one_commit_though_others_write(library: Library) -> None:
    """Reading does not wait for a write that goes on, and does not see it."""
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        put(catalogue, 10, "/lib/later.wav")
        assert library.count() == len(library.browse()) == len(NAMES)
        catalogue.commit()
    assert library.count() == len(library.browse()) == len(NAMES) + 1


@pytest.mark.parametrize("order", sorted(KEYS))
def test_a_page_of_a_large_library_needs_no_sorting(library: Library, order: str) -> None:
    terms = order_by(order, descending=True).terms
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        plan = catalogue._db.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM sounds WHERE 1 = 1 ORDER BY {terms}"
        ).fetchall()
    assert "files_by_" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


@pytest.mark.parametrize("where", ["favourite", "collection=a", "category=doors", "title~take"])
def test_few_of_a_large_library_are_found_without_going_through_it(
    library: Library, where: str
) -> None:
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        plan = catalogue._db.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM sounds WHERE {parse_filter(where).sql}"
            " ORDER BY name_text, id LIMIT 200",
            parse_filter(where).parameters,
        ).fetchall()
    assert "files_by_use (usable=? AND hash=?)" in str(plan)
