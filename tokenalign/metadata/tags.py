"""Tags: ID3 (versions 1 and 2, id3.org), of MP3 files and of others' chunks, and those of M4A.

`tinytag` reads them, out of bytes that have been read here: it sees no audio and no picture that
is larger than a tag may be.
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from typing import BinaryIO

from tinytag import TinyTag, TinyTagException

from tokenalign.metadata.fields import Pair, field_called, known_field
from tokenalign.metadata.text import LONGEST

VERSION_1_BYTES = 128
LONGEST_READ = 2 * LONGEST  # in UTF-16
MOST_READ = 1 << 15
"""Bytes of text in all. tinytag compares each value with all others of its field, however many."""

_FRAME_ID = re.compile(r"[a-z][a-z0-9]{2,3}")  # what tinytag has no name for


class _Tag(BytesIO):
    """A tag's bytes: long reads are cut, and all together, yet end where the reader means to be."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._left = MOST_READ

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)[: min(LONGEST_READ, self._left)]
        self._left -= len(content)
        return content


def tag_fields(tag: bytes) -> list[Pair]:
    """What a tag says.

    Args:
        tag: the ID3v2 tag and behind it the 128 bytes of an ID3v1 tag, or one of them; without
            the former, the first bytes must be an MPEG frame's. Or an MP4 file without sounds.
    """
    try:
        said = TinyTag.get(file_obj=_Tag(tag), duration=False)
    except TinyTagException:
        return []
    pairs = []
    for name, values in said.as_dict().items():
        field = known_field(name) if _FRAME_ID.fullmatch(name) else field_called(name)
        if isinstance(values, list):
            pairs += [(field, value) for value in values]
    return pairs


def id3_bytes_of(file: BinaryIO, start: int, most_bytes: int) -> bytes:
    """The tags of an MP3 file: before its first frame, and in its last bytes."""
    file.seek(0)
    front = file.read(min(start, most_bytes) or 4)
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - VERSION_1_BYTES))
    return front + file.read(VERSION_1_BYTES)
