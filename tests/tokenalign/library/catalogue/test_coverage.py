"""One bundle takes over from another, file by file, and each answer says what it has not seen."""

from __future__ import annotations

from pathlib import Path

from tests.tokenalign.library.fakes import FakeBundle, FakeModel, indexed, run, write_tones
from tokenalign.library import BundleStatus, Library

OLD = FakeModel()
NEW = FakeModel(FakeBundle(name="new", identity="b" * 64))


def covered(library: Library) -> list[tuple[str, int]]:
    return [(bundle.name, bundle.files) for bundle in library.status().bundles]


def test_a_single_bundle_has_all_files_and_a_new_library_no_bundle(
    library: Library, sounds: Path
) -> None:
    assert library.status().bundles == ()
    (sounds / "bad.wav").write_bytes(b"no audio")
    indexed(library, sounds)
    assert library.status().bundles == (BundleStatus("fake", "a" * 64, 8),)
    assert library.search("band 3", OLD).unencoded == 0


def test_the_old_bundle_serves_while_the_new_one_encodes(library: Library, sounds: Path) -> None:
    (sounds / "band0 copy.wav").write_bytes((sounds / "band0.wav").read_bytes())
    indexed(library, sounds, model=OLD)
    for done, band in enumerate([3, 1, 0], start=1):
        indexed(library, sounds / f"band{band}.wav", model=NEW)
        encoded = done + (band == 0)  # the copy has the same vectors
        assert covered(library) == [("fake", 9), ("new", encoded)]
        old, new = (library.search("band 3", model, limit=9) for model in (OLD, NEW))
        assert (old.unencoded, len(old.results)) == (0, 8)
        assert (new.unencoded, len(new.results)) == (9 - encoded, done)
        assert old.results[0].path == new.results[0].path == sounds / "band3.wav"
    rest = FakeModel(NEW.bundle)
    report = run(library.index([], rest))
    assert (report.indexed, report.unchanged, rest.encoded) == (5, 4, 5)
    assert library.search("band 3", NEW).unencoded == 0


def test_what_came_in_by_the_new_bundle_alone_is_missing_to_the_old_one(
    library: Library, sounds: Path
) -> None:
    indexed(library, sounds, model=OLD)
    write_tones(sounds / "later.wav", (3, 0.4))
    indexed(library, sounds / "later.wav", model=NEW)
    assert covered(library) == [("fake", 8), ("new", 1)]
    assert library.search("band 3", OLD).unencoded == 1
    assert library.search("band 3", NEW).unencoded == 8
    example = library.clip(sounds / "later.wav", NEW)
    assert example is not None
    assert library.search_like(example, NEW).unencoded == 8
