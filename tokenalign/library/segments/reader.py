"""Readers of segments: records by memory map, each array checked when it is first touched."""

from __future__ import annotations

import mmap
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.frame_codec import Coded
from tokenalign.library.segments.layout import (
    HEADER,
    RECORD_HEADER,
    DamagedVectorsError,
    Location,
    header_of,
    segment_path,
)

Half = NDArray[np.float16]


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
            if start == header_of(identity.decode("ascii", "replace"), width, row_bytes):
                return _Mapped(mapped, identity.decode("ascii"), width, row_bytes)
        raise DamagedVectorsError("its segment's header is damaged")
