"""Sound files with metadata, written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

RATE_HZ = 48_000
IXML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def chunk(name: bytes, content: bytes, size: int | None = None, *, order: str = "<") -> bytes:
    """A RIFF chunk, or with the order ">" an AIFF chunk; its size may be a lie."""
    written = len(content) if size is None else size
    return name + struct.pack(f"{order}I", written) + content + bytes(len(content) % 2)


def wav(*chunks: bytes, samples: int = 480) -> bytes:
    """A WAV file of silence; the chunks stand behind the samples."""
    format_chunk = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16))
    data = chunk(b"data", bytes(2 * samples))
    return chunk(b"RIFF", b"WAVE" + format_chunk + data + b"".join(chunks))


def aiff(*chunks: bytes, samples: int = 480) -> bytes:
    """An AIFF file of silence; the chunks stand before the samples."""
    rate = struct.pack(">HQ", 0x3FFF + 15, RATE_HZ << 48)
    common = chunk(b"COMM", struct.pack(">hLh", 1, samples, 16) + rate, order=">")
    sound = chunk(b"SSND", bytes(8 + 2 * samples), order=">")
    return chunk(b"FORM", b"AIFF" + common + b"".join(chunks) + sound, order=">")


def bext(
    *,
    description: bytes = b"",
    originator: bytes = b"",
    date: bytes = b"",
    time: bytes = b"",
    reference_samples: int = 0,
) -> bytes:
    fixed = struct.pack("<256s32s32s10s8s", description, originator, b"", date, time)
    rest = struct.pack("<QH64s5h180s", reference_samples, 1, bytes(64), 0, 0, 0, 0, 0, bytes(180))
    return chunk(b"bext", fixed + rest)


def info(values: Mapping[bytes, bytes]) -> bytes:
    inner = b"".join(chunk(name, value + b"\0") for name, value in values.items())
    return chunk(b"LIST", b"INFO" + inner)


def ixml(inner: str) -> bytes:
    return chunk(b"iXML", f"{IXML_HEAD}<BWFXML>{inner}</BWFXML>".encode())


def id3(frames: Sequence[tuple[bytes, bytes]]) -> bytes:
    """An ID3v2.3 tag; frames are named, and hold what they hold."""
    body = b"".join(name + struct.pack(">IH", len(held), 0) + held for name, held in frames)
    length = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + body


def comment_block(comments: Sequence[bytes], *, count: int | None = None) -> bytes:
    """Vorbis comments; the count may be a lie."""
    total = len(comments) if count is None else count
    inner = b"".join(struct.pack("<I", len(one)) + one for one in comments)
    return struct.pack("<I", 4) + b"test" + struct.pack("<I", total) + inner


def flac(*blocks: tuple[int, bytes]) -> bytes:
    """The head of a FLAC file: (type, content) of each block behind the first."""
    everything = [(0, bytes(34)), *blocks]
    written = b"fLaC"
    for place, (kind, content) in enumerate(everything):
        last = 0x80 if place == len(everything) - 1 else 0
        written += bytes([kind | last]) + len(content).to_bytes(3, "big") + content
    return written


def ogg(*packets: bytes, serial: int = 7, most_segments: int = 255) -> bytes:
    """The pages of an Ogg stream with these packets, as few or as many as the segments need."""
    lacing: list[int] = []
    for packet in packets:
        lacing += [255] * (len(packet) // 255) + [len(packet) % 255]
    content, pages = b"".join(packets), b""
    for first in range(0, len(lacing), most_segments):
        sizes = lacing[first : first + most_segments]
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, 0, 0, serial, 0, 0, len(sizes))
        pages += head + bytes(sizes) + content[: sum(sizes)]
        content = content[sum(sizes) :]
    return pages


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
