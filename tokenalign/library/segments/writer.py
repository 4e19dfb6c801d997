"""The one writer of segments: appends records, and lets nothing count before it is synced."""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from tokenalign.durable import sync_folder
from tokenalign.errors import TokenAlignError, reason_of
from tokenalign.frame_codec import FloatArray, FrameCodec
from tokenalign.library.segments.layout import (
    ALIGNMENT,
    RECORD_HEADER,
    RECORD_MAGIC,
    Location,
    header_of,
    segment_path,
)

LARGEST_BYTES = 1 << 28
"""A segment that has grown past this is left alone, and another one begun."""


class SegmentWriter:
    """Appends records. There is one writer at a time (see `indexing/lock.py`).

    All methods but `close` raise `TokenAlignError` when the disk takes nothing.

    Args:
        folder: where the segments are.
        identity: 64 hexadecimal digits of the bundle.
        width: D.
        codec: what makes bytes of frames.
        ends: for each segment that the catalogue names, the end of its last named record.
        own: which of them are of this very bundle.
    """

    def __init__(
        self,
        *,
        folder: Path,
        identity: str,
        width: int,
        codec: FrameCodec,
        ends: Mapping[int, int],
        own: Collection[int],
    ) -> None:
        self._folder = folder
        self._header = header_of(identity, width, codec.row_bytes)
        self._width, self._codec = width, codec
        self._next_segment = max(ends, default=0) + 1
        self._segment, self._end = 0, LARGEST_BYTES
        self._file: BinaryIO | None = None
        newest = max(own, default=0)
        if newest and _holds(segment_path(folder, newest), self._header, ends[newest]):
            self._segment, self._end = newest, ends[newest]

    def append(self, digest: bytes, frames: FloatArray, windows: FloatArray) -> Location:
        """Write a record behind the last one; it counts once it is synced and committed.

        Args:
            digest: hash of the content.
            frames: [M, D].
            windows: [W, D].
        """
        if any(array.ndim != 2 or array.shape[1] != self._width for array in (frames, windows)):
            raise ValueError(f"vectors must be {self._width} wide")
        arrays = [self._codec.encode(frames), np.ascontiguousarray(windows, "<f2")]
        crcs = [zlib.crc32(array.data) for array in arrays]
        header = RECORD_HEADER.pack(RECORD_MAGIC, *map(len, arrays), *crcs, digest)
        record = b"".join([header, *(array.tobytes() for array in arrays)])
        record += bytes(-len(record) % ALIGNMENT)
        with self._told_plainly():
            file = self._ready_file()
            location = Location(self._segment, self._end, len(record), zlib.crc32(header))
            self._write(file, record)
        return location

    def sync(self) -> None:
        """Wait until what was appended is on the disk."""
        if self._file is not None:
            with self._told_plainly():
                os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _ready_file(self) -> BinaryIO:
        """The segment at hand, or the next one if there is none or it has grown large."""
        if self._end >= LARGEST_BYTES:
            self.sync()
            self.close()
            self._segment, self._end = self._next_segment, 0
            self._next_segment += 1
        if self._file is None:
            # Without buffer: what was appended stands in the file, whatever happens next.
            path = segment_path(self._folder, self._segment)
            self._file = cast(BinaryIO, path.open("r+b" if self._end else "w+b", buffering=0))
            if not self._end:
                self._write(self._file, self._header)
                sync_folder(self._folder)
        return self._file

    def _write(self, file: BinaryIO, data: bytes) -> None:
        rest = memoryview(data)
        file.seek(self._end)
        while rest:
            rest = rest[file.write(rest) :]
        self._end += len(data)

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            path = segment_path(self._folder, self._segment)
            raise TokenAlignError(
                f"{path}: cannot be written: {reason_of(error)}",
                "Make room on the disk, then index again: finished files are kept.",
            ) from error


def _holds(path: Path, header: bytes, end: int) -> bool:
    """Whether a segment begins as it should and still has all that is named of it."""
    try:
        with path.open("rb") as file:
            return file.read(len(header)) == header and path.stat().st_size >= end
    except OSError:
        return False
