"""The chunks of WAV, RF64, Wave64 and AIFF files: which codec, and is all the audio there?

libsndfile reads a file that was cut short without a word; the chunks tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from os import SEEK_END
from typing import BinaryIO

from tokenalign.audio.codec import ByteOrder, refused_in_aiff, refused_in_wav

MOST_CHUNKS = 10_000  # a hostile file may hold millions of empty ones
# What programs write as a length when they cannot come back to fill it in.
UNKNOWN_SIZES = (0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF)


@dataclass(frozen=True)
class Layout:
    """How a family of files writes the head of a chunk."""

    name_bytes: int
    size_bytes: int
    order: ByteOrder
    alignment: int
    counts_its_head: bool  # whether a chunk's length includes these bytes

    @property
    def head_bytes(self) -> int:
        """Name and length together."""
        return self.name_bytes + self.size_bytes


_RIFF = Layout(name_bytes=4, size_bytes=4, order="little", alignment=2, counts_its_head=False)
_BIG_ENDIAN = Layout(name_bytes=4, size_bytes=4, order="big", alignment=2, counts_its_head=False)
_WAVE64 = Layout(name_bytes=16, size_bytes=8, order="little", alignment=8, counts_its_head=True)
# By the first four bytes: the layout, and the bytes before the first inner chunk.
_LAYOUTS = {
    b"RIFF": (_RIFF, 12),
    b"RF64": (_RIFF, 12),
    b"RIFX": (_BIG_ENDIAN, 12),
    b"FORM": (_BIG_ENDIAN, 12),
    b"riff": (_WAVE64, 40),
}


@dataclass(frozen=True)
class Chunk:
    """One chunk: where its content begins, and the length that its head gives."""

    start: int
    size: int


@dataclass(frozen=True)
class Payload:
    """What the chunks say of the audio.

    Attributes:
        refused_codec: the name of a codec that is not read, or an empty string.
        kept: the fraction of the promised bytes that the file holds; 1 without a promise.
        zero_size_at: where a length of 0 stands before audio that runs to the file's end, as a
            recorder leaves it that lost its power; -1 in any other file.
    """

    refused_codec: str = ""
    kept: float = 1.0
    zero_size_at: int = -1


def read_payload(file: BinaryIO, start: int) -> Payload:
    """Read the chunks of a WAV or AIFF file whose outermost chunk begins at `start`.

    Raises:
        OSError: the file has become another one since its container was recognised.
    """
    file_bytes = file.seek(0, SEEK_END)
    file.seek(start)
    outer = file.read(8)
    layout, _ = _layout(outer[:4])
    chunks = _first_chunks(file, start)
    if outer.startswith(b"FORM"):
        common = _content(file, chunks.get(b"COMM"))
        return Payload(refused_in_aiff(common), _kept(chunks.get(b"SSND"), file_bytes))
    data = chunks.get(b"data")
    refused_codec = refused_in_wav(_content(file, chunks.get(b"fmt ")), layout.order)
    if outer.startswith(b"RIFF") and data and _is_unfinished(outer, data, start, file_bytes):
        return Payload(refused_codec, zero_size_at=data.start - 4)
    return Payload(refused_codec, _kept(data, file_bytes))


def inner_chunks(file: BinaryIO, start: int) -> Iterator[tuple[bytes, Chunk]]:
    """The names and places of the chunks inside the outermost one, which begins at `start`.

    RF64 keeps the length of the chunk ``data`` in the chunk ``ds64`` before it.

    Raises:
        OSError: as `read_payload`.
    """
    file.seek(start)
    layout, opening_bytes = _layout(file.read(4))
    chunks = _chunks(file, start + opening_bytes, layout)
    return islice(chunks, MOST_CHUNKS)


def _layout(opening: bytes) -> tuple[Layout, int]:
    """The layout by a file's first four bytes, and the bytes before the first inner chunk."""
    if opening not in _LAYOUTS:
        raise OSError("it changed meanwhile")
    return _LAYOUTS[opening]


def _first_chunks(file: BinaryIO, start: int) -> dict[bytes, Chunk]:
    """The first chunk of each name."""
    found: dict[bytes, Chunk] = {}
    for name, chunk in inner_chunks(file, start):
        found.setdefault(name, chunk)
    return found


def _chunks(file: BinaryIO, position: int, layout: Layout) -> Iterator[tuple[bytes, Chunk]]:
    last_head_at = file.seek(0, SEEK_END) - layout.head_bytes
    data_size = 0
    while position <= last_head_at:
        file.seek(position)
        head = file.read(layout.head_bytes)
        size = int.from_bytes(head[layout.name_bytes :], layout.order)
        size = max(0, size - layout.head_bytes) if layout.counts_its_head else size
        start = position + layout.head_bytes
        if head[:4] == b"ds64" and not data_size:
            file.seek(start + 8)
            data_size = int.from_bytes(file.read(8), "little")
        if head[:4] == b"data" and size == 0xFFFFFFFF and data_size:
            size = data_size
        yield head[:4], Chunk(start, size)
        position = start + size + -size % layout.alignment


def _content(file: BinaryIO, chunk: Chunk | None) -> bytes:
    """What describes the samples: the first 26 bytes of a chunk, which reach past any codec."""
    if chunk is None:
        return b""
    file.seek(chunk.start)
    return file.read(min(chunk.size, 26))


def _is_unfinished(outer: bytes, data: Chunk, start: int, file_bytes: int) -> bool:
    """Whether the lengths were never filled in although samples follow."""
    outer_size = int.from_bytes(outer[4:], "little")
    outer_unwritten = outer_size in UNKNOWN_SIZES or start + 8 + outer_size <= data.start
    return data.size == 0 and outer_unwritten and data.start < file_bytes


def _kept(samples: Chunk | None, file_bytes: int) -> float:
    if samples is None or samples.size in UNKNOWN_SIZES:
        return 1.0
    return min(1.0, max(0, file_bytes - samples.start) / samples.size)
