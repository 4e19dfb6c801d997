"""A file's metadata: what its container says, and where that is silent what its name says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tokenalign.audio.opening import open_regular, os_errors_named
from tokenalign.audio.signatures import SIGNATURE_BYTES, container_of, id3_bytes
from tokenalign.errors import AudioFileError
from tokenalign.metadata.fields import Pair, folded
from tokenalign.metadata.mp4 import mp4_fields
from tokenalign.metadata.tags import id3_bytes_of, tag_fields
from tokenalign.metadata.ucs import ucs_fields
from tokenalign.metadata.vorbis import flac_fields, ogg_fields

READER = 2
"""Grows when files should be read anew because this package finds more in them."""

MOST_BYTES = 4 << 20
"""Chunks, tags and blocks longer than this are skipped: they hold pictures, not words."""


def read_metadata(path: Path) -> tuple[Pair, ...]:
    """What a file says of itself: (field, value), each field once, in a stable order.

    Values are one line of at most 4,000 characters, and there are at most 64 of them. Only the
    heads of chunks and their texts are read, never audio. Nothing is raised for a file that is
    damaged or cannot be read: what could be read is returned, at least what the name says.
    """
    try:
        return metadata_in(path)
    except AudioFileError:
        return folded(ucs_fields(path))


def metadata_in(path: Path) -> tuple[Pair, ...]:
    """`read_metadata` for callers that try again later.

    Raises:
        AudioFileError: the file cannot be read just now.
    """
    with open_regular(path) as file, os_errors_named(path):
        said = folded(_fields(file))
    fields = {field for field, _ in said}
    return folded([*said, *(pair for pair in ucs_fields(path) if pair[0] not in fields)])


def _fields(file: BinaryIO) -> Iterator[Pair]:
    """What the container says, behind an ID3 tag before it."""
    head = file.read(SIGNATURE_BYTES)
    start = id3_bytes(head)
    if start:
        file.seek(start)
        head = file.read(SIGNATURE_BYTES)
    container = container_of(head)
    if container in ("wav", "aiff"):
        # Brings an XML parser, that a window or a search should not have to wait for.
        from tokenalign.metadata.chunked import chunk_fields

        yield from chunk_fields(file, start, MOST_BYTES)
    elif container == "flac":
        yield from flac_fields(file, start, MOST_BYTES)
    elif container == "ogg":
        yield from ogg_fields(file, start, MOST_BYTES)
    elif container == "m4a":
        yield from mp4_fields(file, start, MOST_BYTES)
    if start or container == "mp3":
        yield from tag_fields(id3_bytes_of(file, start, MOST_BYTES))
