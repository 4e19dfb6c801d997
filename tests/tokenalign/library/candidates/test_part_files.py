"""What is kept of parts is used as long as it is what the catalogue says, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tokenalign.audio import AudioInfo
from tokenalign.library.candidates import part_files
from tokenalign.library.candidates.part_files import PartFiles
from tokenalign.library.candidates.parts import Part
from tokenalign.library.candidates.postings import Smoothing, build_postings
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.segments.layout import Location

INFO = AudioInfo(Path("/a.wav"), "wav", "PCM_16", 48_000, 2, 1.5, "")
CENTROIDS = 3


@dataclass
class Kept:
    """A catalogue of six vectors, and where their parts are kept."""

    catalogue: Catalogue
    bundle: int
    files: PartFiles
    ids: list[int]

    @property
    def folders(self) -> list[Path]:
        return sorted(path for path in self.files.folder.glob("*/*") if path.is_dir())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(part_files, "LEAST_WINDOWS", 2)
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        bundle = catalogue.put_bundle("1" * 64, "starter")
        for number in range(6):
            digest = bytes([number]) * 32
            catalogue.put_content(digest, INFO)
            catalogue.put_vectors(digest, bundle, Location(1, 64 * number, 64, 1000 + number))
        catalogue.commit()
        ids = [row.id for row in catalogue.vectors_after(bundle, 0, limit=9)]
        yield Kept(catalogue, bundle, PartFiles(tmp_path / "parts", "1" * 64, bundle), ids)


def part(ids: list[int], *, coded: bool = True) -> Part:
    """Two windows of each of some contents."""
    random = np.random.default_rng(ids[0])
    windows = 2 * len(ids)
    numbers = random.integers(0, CENTROIDS, (windows, 5)).astype(np.uint16)
    return Part(
        vector_ids=np.array(ids, np.int64),
        window_counts=np.full(len(ids), 2, np.int64),
        gists=random.standard_normal((windows, 4)).astype(np.float16),
        postings=build_postings(numbers, centroids=CENTROIDS) if coded else None,
    )


@pytest.mark.parametrize("coded", [True, False])
def test_parts_come_back_as_they_were(kept: Kept, coded: bool) -> None:
    parts = [part(kept.ids[:4], coded=coded), part(kept.ids[4:], coded=coded)]
    kept.files.write(parts, kept.catalogue)

    found = kept.files.read(kept.catalogue)

    similarity = np.array([[0.1, 0.5, 0.3]], np.float32)
    smoothing = Smoothing(12.0, 64)
    phrases = np.ones((1, 4), np.float32)
    assert len(found) == 2
    for one, other in zip(parts, found, strict=True):
        assert other.vector_ids.tolist() == one.vector_ids.tolist()
        np.testing.assert_array_equal(
            other.presence(phrases, similarity, smoothing),
            one.presence(phrases, similarity, smoothing),
        )


def test_what_is_no_longer_true_is_thrown_away(kept: Kept) -> None:
    kept.files.write([part(kept.ids[:4]), part(kept.ids[4:])], kept.catalogue)
    again = Location(2, 0, 64, 77)
    kept.catalogue.put_vectors(bytes([5]) * 32, kept.bundle, again)  # a vector of the second part
    kept.catalogue.commit()

    found = kept.files.read(kept.catalogue)
    kept.files.write(found, kept.catalogue)

    assert [one.vector_ids.tolist() for one in found] == [kept.ids[:4]]
    assert len(kept.folders) == 1


@pytest.mark.parametrize("name", ["gists.npy", "window.npy", "part.json"])
def test_changed_bytes_are_found_and_not_used(kept: Kept, name: str) -> None:
    kept.files.write([part(kept.ids)], kept.catalogue)
    path = kept.folders[0] / name
    data = path.read_bytes()
    path.write_bytes(data[:-3] + bytes([data[-3] ^ 0x11]) + data[-2:])

    assert kept.files.read(kept.catalogue) == []


def test_a_missing_part_ends_what_can_be_used(kept: Kept) -> None:
    parts = [part(kept.ids[:2]), part(kept.ids[2:4]), part(kept.ids[4:])]
    kept.files.write(parts, kept.catalogue)
    (kept.folders[1] / "part.json").unlink()

    (found,) = kept.files.read(kept.catalogue)

    assert found.vector_ids.tolist() == kept.ids[:2]


def test_small_parts_are_not_kept(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_files, "LEAST_WINDOWS", 6)

    kept.files.write([part(kept.ids[:4]), part(kept.ids[4:])], kept.catalogue)

    assert len(kept.folders) == 1


def test_a_disk_that_takes_nothing_is_no_failure(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)

    kept.files.write([part(kept.ids)], kept.catalogue)

    assert kept.folders == []
