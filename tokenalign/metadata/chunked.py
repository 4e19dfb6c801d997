"""The chunks of WAV and AIFF files that hold text, in the order of the file; never its samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from tokenalign.audio.chunks import Chunk, inner_chunks
from tokenalign.metadata.fields import Pair
from tokenalign.metadata.tags import tag_fields
from tokenalign.metadata.text import decoded
from tokenalign.metadata.wav import bext_fields, info_fields, ixml_fields

MOST_TEXT_CHUNKS = 32


def _text_of(field: str) -> Callable[[bytes], list[Pair]]:
    return lambda chunk: [(field, decoded(chunk))]


_READERS: dict[bytes, Callable[[bytes], list[Pair]]] = {
    b"iXML": ixml_fields,
    b"id3 ": tag_fields,
    b"ID3 ": tag_fields,
    b"NAME": _text_of("Title"),
    b"AUTH": _text_of("Artist"),
    b"ANNO": _text_of("Comment"),
    b"(c) ": _text_of("Copyright"),
}
_NAMES = {b"fmt ", b"bext", b"LIST", *_READERS}


def chunk_fields(file: BinaryIO, start: int, most_bytes: int) -> Iterator[Pair]:
    """What the chunks say that are no longer than `most_bytes`.

    Args:
        file: a WAV or AIFF file.
        start: where its outermost chunk begins.
        most_bytes: longer chunks are skipped.
    """
    rate_hz = 0
    texts = ((name, chunk) for name, chunk in inner_chunks(file, start) if name in _NAMES)
    for name, chunk in islice(texts, MOST_TEXT_CHUNKS):
        if chunk.size > most_bytes:
            continue
        content = _content(file, chunk)
        if name == b"fmt ":
            rate_hz = int.from_bytes(content[4:8], "little")
        elif name == b"bext":
            yield from bext_fields(content, rate_hz)
        elif name in _READERS:
            yield from _READERS[name](content)
        elif content.startswith(b"INFO"):
            yield from info_fields(content)


def _content(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.start)
    return file.read(chunk.size)
