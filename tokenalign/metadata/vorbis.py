"""Vorbis comments (xiph.org/vorbis/doc/v-comment.html) of FLAC, Vorbis and Opus files.

They are taken apart here: `tinytag` gives a description as a comment, and of a damaged block
nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import SEEK_CUR
from typing import BinaryIO

from tokenalign.metadata.fields import Pair, field_called
from tokenalign.metadata.text import LONGEST

MOST_COMMENTS = 1_000
MOST_BLOCKS = 128
MOST_PAGES = 200

_COMMENT_BLOCK = 4
_PAGE_HEAD_BYTES = 27
_OF_COMMENTS = re.compile(rb"\x03vorbis|OpusTags|[\x04\x84]...", re.DOTALL)
"""How the packet begins: in Vorbis, in Opus, and in FLAC with the length of a block."""


def flac_fields(file: BinaryIO, start: int, most_bytes: int) -> Iterator[Pair]:
    """What the comment blocks of a FLAC file say, unless they are longer than `most_bytes`."""
    file.seek(start + 4)
    for _ in range(MOST_BLOCKS):
        head = file.read(4)
        size = int.from_bytes(head[1:], "big")
        if len(head) == 4 and head[0] & 0x7F == _COMMENT_BLOCK and size <= most_bytes:
            yield from comments(file.read(size))
        else:
            file.seek(size, SEEK_CUR)
        if len(head) < 4 or head[0] & 0x80:
            return


def ogg_fields(file: BinaryIO, start: int, most_bytes: int) -> Iterator[Pair]:
    """What the comment packet of an Ogg file's first stream says: always the second packet."""
    file.seek(start)
    packet = _second_packet(file, most_bytes)
    head = _OF_COMMENTS.match(packet)
    if head is not None:
        yield from comments(packet[head.end() :])


def comments(block: bytes) -> Iterator[Pair]:
    """The comments of a block, as far as it goes."""
    position = 4 + int.from_bytes(block[:4], "little")  # behind the name of the encoder
    count = int.from_bytes(block[position : position + 4], "little")
    position += 4
    for _ in range(min(count, MOST_COMMENTS)):
        if position + 4 > len(block):
            return
        length = int.from_bytes(block[position : position + 4], "little")
        position += 4
        comment = block[position : position + min(length, 8 * LONGEST)]
        position += length
        name, equals, value = comment.partition(b"=")
        if equals:
            yield field_called(name.decode("ascii", "replace")), value.decode("utf-8", "replace")


def _second_packet(file: BinaryIO, most_bytes: int) -> bytes:
    """Put together from pages (RFC 3533); what there is of it, if it is cut short or too long."""
    packet, finished, stream = bytearray(), 0, b""
    for _ in range(MOST_PAGES):
        head = file.read(_PAGE_HEAD_BYTES)
        if len(head) < _PAGE_HEAD_BYTES or not head.startswith(b"OggS"):
            break
        lacing = file.read(head[26])
        body = file.read(sum(lacing))
        stream = stream or head[14:18]
        if head[14:18] != stream:
            continue
        for size in lacing:
            piece, body = body[:size], body[size:]
            packet += piece if finished == 1 else b""
            finished += size < 255
            if finished == 2 or len(packet) > most_bytes:
                return bytes(packet)
    return bytes(packet)
