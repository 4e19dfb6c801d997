"""Tags of M4A files: the box ``ilst`` that iTunes invented, inside ``moov`` and ``udta``."""

from __future__ import annotations

from collections.abc import Iterator
from os import SEEK_END
from typing import BinaryIO

from tokenalign.metadata.fields import Pair
from tokenalign.metadata.tags import tag_fields

MOST_BOXES = 10_000  # a hostile file may hold millions of empty ones


def mp4_fields(file: BinaryIO, start: int, most_bytes: int) -> list[Pair]:
    """What the tags say, unless they are longer than `most_bytes`."""
    content, end = start, file.seek(0, SEEK_END)
    for wanted in (b"moov", b"udta"):
        places = (place for name, place in _boxes(file, content, end) if name == wanted)
        content, end = next(places, (0, 0))
    if not 0 < end - content <= most_bytes:
        return []
    file.seek(content)
    tags = _box(b"moov", _box(b"udta", file.read(end - content)))  # without the long tables
    return tag_fields(_box(b"ftyp", b"M4A \0\0\0\0") + tags)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Names of the boxes between two places, and from where to where their content reaches."""
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(min(16, end - start))
        size, head_bytes = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, head_bytes = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:  # the last one
            size = end - start
        if len(head) < head_bytes or size < head_bytes:
            return
        yield head[4:8], (start + head_bytes, min(start + size, end))
        start = min(start + size, end)


def _box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content
