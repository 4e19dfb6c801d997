"""Verify finds what is wrong, and says nothing where all is well."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import indexed, run
from tokenalign.library import Library, VerifyReport
from tokenalign.library.segments.layout import segment_path

RECORD_BYTES = 64 + 7 * 16 + 16
"""Header, seven frames and a window of width 8."""


def complaints(report: VerifyReport) -> list[tuple[str, str]]:
    return [(problem.path.name, problem.reason) for problem in report.problems]


@pytest.fixture
def segment(library: Library, sounds: Path, tmp_path: Path) -> Path:
    """The segment of an indexed library with eight files."""
    indexed(library, sounds)
    path = segment_path(tmp_path / "library" / "segments", 1)
    assert path.stat().st_size == 128 + 8 * RECORD_BYTES
    return path


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


@pytest.mark.usefixtures("segment")
def test_a_sound_library_has_no_problems(library: Library, sounds: Path) -> None:
    (sounds / "band3.wav").unlink()
    quick, whole = run(library.verify()), run(library.verify(data=True))
    assert (quick.vectors, quick.files, quick.absent, quick.problems) == (8, 0, 0, ())
    assert (whole.vectors, whole.files, whole.absent, whole.problems) == (8, 7, 1, ())
    steps = list(library.verify(data=True))
    assert (steps[-1].stage, steps[-1].done, steps[-1].total) == ("verify", 16, 16)


def test_a_flipped_bit_in_a_header_is_found_at_once(library: Library, segment: Path) -> None:
    flip(segment, 128 + 2 * RECORD_BYTES + 21)
    assert complaints(run(library.verify())) == [
        ("000001.vectors", "the record's header is damaged")
    ]


def test_a_flipped_bit_in_vectors_is_found_in_the_data_and_healed_by_index(
    library: Library, segment: Path, sounds: Path
) -> None:
    for record, place in ((1, 64), (6, 64 + 7 * 16)):  # frames of one, windows of the other
        flip(segment, 128 + record * RECORD_BYTES + place)
    assert run(library.verify()).problems == ()
    assert (
        complaints(run(library.verify(data=True)))
        == [("000001.vectors", "the vectors' checksum is wrong")] * 2
    )
    assert indexed(library, sounds).indexed == 2
    assert run(library.verify(data=True)).problems == ()


def test_a_segment_that_is_cut_off(library: Library, segment: Path, sounds: Path) -> None:
    os.truncate(segment, 128 + 6 * RECORD_BYTES)
    assert complaints(run(library.verify())) == [("000001.vectors", "its segment is cut off")] * 2
    assert indexed(library, sounds).indexed == 2
    assert run(library.verify(data=True)).problems == ()


@pytest.mark.usefixtures("segment")
def test_bytes_that_changed_behind_size_and_time(library: Library, sounds: Path) -> None:
    rotten, edited = sounds / "band2.wav", sounds / "band3.wav"
    facts = rotten.stat()
    flip(rotten, 1000)
    os.utime(rotten, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    flip(edited, 1000)
    os.utime(edited, ns=(0, 0))
    assert complaints(run(library.verify(data=True))) == [
        ("band2.wav", "its bytes have changed, though not its size and time")
    ]
