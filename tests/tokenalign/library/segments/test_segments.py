"""Records come back as they were written, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import FloatArray, HalfFrames
from tokenalign.library.segments import writer as module
from tokenalign.library.segments.layout import (
    ALIGNMENT,
    HEADER,
    DamagedVectorsError,
    Location,
    segment_path,
)
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.library.segments.writer import SegmentWriter

WIDTH = 8
ONE, OTHER = "1" * 64, "2" * 64


def writer(
    folder: Path,
    *,
    identity: str = ONE,
    ends: dict[int, int] | None = None,
    own: tuple[int, ...] = (),
) -> SegmentWriter:
    return SegmentWriter(
        folder=folder,
        identity=identity,
        width=WIDTH,
        codec=HalfFrames(WIDTH),
        ends=ends or {},
        own=own,
    )


def vectors(rows: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(seed).uniform(-1, 1, (rows, WIDTH)).astype(np.float32)


def frames_of(reader: SegmentReader, location: Location) -> FloatArray:
    return HalfFrames(WIDTH).decode(reader.frames(location))


def append(to: SegmentWriter, seed: int, *, frames: int = 5, windows: int = 2) -> Location:
    digest = bytes([seed]) * 32
    return to.append(digest, vectors(frames, seed), vectors(windows, seed + 100))


def test_what_is_read_is_what_was_written_in_half_precision(tmp_path: Path) -> None:
    to = writer(tmp_path)
    locations = [append(to, seed, frames=3 + seed, windows=1 + seed) for seed in range(4)]
    to.sync()
    to.close()
    reader = SegmentReader(tmp_path)
    for seed, location in enumerate(locations):
        np.testing.assert_array_equal(
            frames_of(reader, location), vectors(3 + seed, seed).astype(np.float16)
        )
        np.testing.assert_array_equal(
            reader.windows(location), vectors(1 + seed, seed + 100).astype(np.float16)
        )
        reader.check(location, bytes([seed]) * 32, ONE, data=True)


def test_the_layout_is_the_documented_one(tmp_path: Path) -> None:
    to = writer(tmp_path)
    location = append(to, 1)
    to.close()
    data = segment_path(tmp_path, 1).read_bytes()
    assert data[:8] == b"TAVECTOR"
    assert data[8:16] == bytes([2, 0, 0, 0, WIDTH, 0, 0, 0])
    assert data[16:80] == ONE.encode()
    assert data[80:84] == bytes([2 * WIDTH, 0, 0, 0])
    assert (location.segment, location.offset) == (1, 128) == (1, HEADER.size)
    record = data[128:]
    assert record[:12] == b"VREC" + bytes([5, 0, 0, 0, 2, 0, 0, 0])
    assert record[20:52] == bytes([1]) * 32
    frames = np.frombuffer(record, "<f2", 5 * WIDTH, 64).reshape(5, WIDTH)
    np.testing.assert_array_equal(frames, vectors(5, 1).astype(np.float16))
    assert location.length == len(record) == -(-(64 + 7 * WIDTH * 2) // ALIGNMENT) * ALIGNMENT


def test_a_reader_sees_what_another_process_appends_later(tmp_path: Path) -> None:
    to, reader = writer(tmp_path), SegmentReader(tmp_path)
    first = append(to, 1)
    assert frames_of(reader, first).shape == (5, WIDTH)
    second = append(to, 2)
    np.testing.assert_array_equal(frames_of(reader, second), vectors(5, 2).astype(np.float16))
    to.close()


def test_what_was_not_named_is_written_over(tmp_path: Path) -> None:
    to = writer(tmp_path)
    kept, lost = append(to, 1), append(to, 2, frames=50)
    to.close()
    to = writer(tmp_path, ends={1: kept.offset + kept.length}, own=(1,))
    again = append(to, 3)
    to.close()
    assert again.offset == lost.offset
    reader = SegmentReader(tmp_path)
    for location, seed in ((kept, 1), (again, 3)):
        reader.check(location, bytes([seed]) * 32, ONE, data=True)
    with pytest.raises(DamagedVectorsError, match="header is damaged"):
        frames_of(reader, lost)


def test_another_bundle_gets_a_segment_of_its_own(tmp_path: Path) -> None:
    to = writer(tmp_path)
    first = append(to, 1)
    to.close()
    to = writer(tmp_path, identity=OTHER, ends={1: first.offset + first.length})
    second = append(to, 2)
    to.close()
    assert second.segment == 2
    reader = SegmentReader(tmp_path)
    reader.check(second, bytes([2]) * 32, OTHER, data=True)
    with pytest.raises(DamagedVectorsError, match="another bundle"):
        reader.check(second, bytes([2]) * 32, ONE, data=False)
    with pytest.raises(DamagedVectorsError, match="another file"):
        reader.check(second, bytes([1]) * 32, OTHER, data=False)


def test_a_large_segment_is_followed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BYTES", 1000)
    to = writer(tmp_path)
    locations = [append(to, seed) for seed in range(7)]  # 192 bytes each, behind 128
    to.close()
    assert [location.segment for location in locations] == [1, 1, 1, 1, 1, 2, 2]
    reader = SegmentReader(tmp_path)
    for seed, location in enumerate(locations):
        reader.check(location, bytes([seed]) * 32, ONE, data=True)


@pytest.mark.parametrize("harm", ["cut", "header", "gone"])
def test_a_harmed_segment_is_not_written_to_any_more(tmp_path: Path, harm: str) -> None:
    to = writer(tmp_path)
    location = append(to, 1)
    to.close()
    path = segment_path(tmp_path, 1)
    if harm == "cut":
        os.truncate(path, 200)
    elif harm == "header":
        path.write_bytes(b"x" + path.read_bytes()[1:])
    else:
        path.unlink()
    to = writer(tmp_path, ends={1: location.offset + location.length}, own=(1,))
    assert append(to, 2).segment == 2
    to.close()
    with pytest.raises(DamagedVectorsError):
        SegmentReader(tmp_path).frames(location)


def test_any_flipped_byte_of_a_record_is_noticed(tmp_path: Path) -> None:
    to = writer(tmp_path)
    location = append(to, 1)
    to.close()
    path = segment_path(tmp_path, 1)
    sound = path.read_bytes()
    meaningful = 64 + 7 * WIDTH * 2  # the rest is padding
    for place in range(0, location.offset + meaningful):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x10]) + sound[place + 1 :])
        with pytest.raises(DamagedVectorsError):
            SegmentReader(tmp_path).check(location, bytes([1]) * 32, ONE, data=True)


def test_nothing_of_the_wrong_width_is_written(tmp_path: Path) -> None:
    to = writer(tmp_path)
    with pytest.raises(ValueError, match="8 wide"):
        to.append(bytes(32), vectors(3, 1)[:, :7], vectors(1, 1))
    assert not segment_path(tmp_path, 1).exists()


def test_a_full_disk_is_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to = writer(tmp_path)
    append(to, 1)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TokenAlignError, match="no space left on device") as raised:
        to.sync()
    assert "finished files are kept" in raised.value.hint
    to.close()
