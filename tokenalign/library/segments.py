"""Vector segments: files to which the vectors of audio files are appended, and never changed.

A segment begins with a header (magic, format version, width, bundle identity, bytes of a frame,
CRC-32); then come records, one for each encoded content: a record header (magic, M, W, a CRC-32 for
each array, the content's hash), coded frames [M, R] as the bundle's codec makes them
(`tokenalign.frame_codec`), window vectors float16 [W, D], zeros up to a multiple of `ALIGNMENT`.
All numbers are little-endian. The catalogue keeps where a record lies and the CRC-32 of its header,
which vouches for the rest. Bytes that no row of the catalogue names mean nothing: a crash leaves
them behind, and the next writer writes over them.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import Coded, FloatArray, FrameCodec

Half = NDArray[np.float16]

MAGIC = b"TAVECTOR"
FORMAT_VERSION = 2
HEADER = struct.Struct("<8sII64sII40x")
RECORD_MAGIC = b"VREC"
RECORD_HEADER = struct.Struct("<4sIIII32s12x")
ALIGNMENT = 64
LARGEST_BYTES = 1 << 28
"""A segment that has grown past this is left alone, and another one begun."""


@dataclass(frozen=True)
class Location:
    """Where a record lies.

    Attributes:
        segment: number of the segment.
        offset: of the record's first byte.
        length: of the whole record in bytes.
        crc: CRC-32 of the record's header, which holds those of its arrays.
    """

    segment: int
    offset: int
    length: int
    crc: int


class DamagedVectorsError(Exception):
    """A record is not what was written; the message says how so."""


class _RecordHeader(NamedTuple):
    magic: bytes
    frame_count: int
    window_count: int
    frames_crc: int
    windows_crc: int
    digest: bytes


class _Mapped(NamedTuple):
    bytes: mmap.mmap
    identity: str
    width: int
    row_bytes: int


def segment_path(folder: Path, segment: int) -> Path:
    """The file of a segment."""
    return folder / f"{segment:06d}.vectors"


class SegmentWriter:
    """Appends records. There is one writer at a time (see `lock`).

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
        self._header = _header(identity, width, codec.row_bytes)
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
                _sync_folder(self._folder)
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
                f"{path}: cannot be written: {(error.strerror or str(error)).lower()}",
                "Make room on the disk, then index again: finished files are kept.",
            ) from error


class SegmentReader:
    """Reads records by memory map, while another process may append.

    Args:
        folder: where the segments are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segments: dict[int, _Mapped] = {}
        self._checked: set[tuple[Location, str]] = set()

    def frames(self, location: Location) -> Coded:
        """The coded frames of a record, [M, R], a view of the file.

        Raises:
            DamagedVectorsError: the bytes are not those that were written. Looked at whenever
                this reader first touches an array.
        """
        mapped, record = self._record(location)
        offset = location.offset + RECORD_HEADER.size
        count = record.frame_count * mapped.row_bytes
        view: Coded = np.frombuffer(mapped.bytes, np.uint8, count, offset)
        self._vouch(view, record.frames_crc, (location, "frames"))
        return view.reshape(-1, mapped.row_bytes)

    def windows(self, location: Location) -> Half:
        """The window vectors of a record, [W, D], a view of the file; errors as `frames`."""
        mapped, record = self._record(location)
        offset = location.offset + RECORD_HEADER.size + record.frame_count * mapped.row_bytes
        count = record.window_count * mapped.width
        view: Half = np.frombuffer(mapped.bytes, "<f2", count, offset)
        self._vouch(view, record.windows_crc, (location, "windows"))
        return view.reshape(-1, mapped.width)

    def check(self, location: Location, digest: bytes, identity: str, *, data: bool) -> None:
        """Raise `DamagedVectorsError` unless this record is what and where it should be.

        Args:
            location: of the record.
            digest: the content it should hold.
            identity: the bundle it should be of.
            data: whether to read all its bytes.
        """
        mapped, record = self._record(location)
        if mapped.identity != identity:
            raise DamagedVectorsError("its segment belongs to another bundle")
        if record.digest != digest:
            raise DamagedVectorsError("the record is of another file")
        if data:
            self._checked -= {(location, "frames"), (location, "windows")}
            self.frames(location)
            self.windows(location)

    def _vouch(self, view: Coded | Half, crc: int, key: tuple[Location, str]) -> None:
        if key not in self._checked:
            if zlib.crc32(view.data) != crc:
                raise DamagedVectorsError("the vectors' checksum is wrong")
            self._checked.add(key)

    def _record(self, location: Location) -> tuple[_Mapped, _RecordHeader]:
        end = location.offset + location.length
        mapped = self._segments.get(location.segment)
        if mapped is None or len(mapped.bytes) < end:  # not seen yet, or it has grown since
            mapped = self._segments[location.segment] = self._map(location.segment)
        if len(mapped.bytes) < end:
            raise DamagedVectorsError("its segment is cut off")
        header = mapped.bytes[location.offset : location.offset + RECORD_HEADER.size]
        if zlib.crc32(header) != location.crc:
            raise DamagedVectorsError("the record's header is damaged")
        return mapped, _RecordHeader(*RECORD_HEADER.unpack(header))

    def _map(self, segment: int) -> _Mapped:
        try:
            with segment_path(self._folder, segment).open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: an empty file
            raise DamagedVectorsError(f"its segment cannot be read ({error})") from error
        start = mapped[: HEADER.size]
        if len(start) == HEADER.size:
            _, _, width, identity, row_bytes, _ = HEADER.unpack(start)
            if start == _header(identity.decode("ascii", "replace"), width, row_bytes):
                return _Mapped(mapped, identity.decode("ascii"), width, row_bytes)
        raise DamagedVectorsError("its segment's header is damaged")


def _header(identity: str, width: int, row_bytes: int) -> bytes:
    facts = (MAGIC, FORMAT_VERSION, width, identity.encode("ascii", "replace"), row_bytes)
    return HEADER.pack(*facts, zlib.crc32(HEADER.pack(*facts, 0)))


def _holds(path: Path, header: bytes, end: int) -> bool:
    """Whether a segment begins as it should and still has all that is named of it."""
    try:
        with path.open("rb") as file:
            return file.read(len(header)) == header and path.stat().st_size >= end
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable; Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
