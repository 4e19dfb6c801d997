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

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"TAVECTOR"
FORMAT_VERSION = 2
HEADER = struct.Struct("<8sII64sII40x")
RECORD_MAGIC = b"VREC"
RECORD_HEADER = struct.Struct("<4sIIII32s12x")
ALIGNMENT = 64


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


def segment_path(folder: Path, segment: int) -> Path:
    """The file of a segment."""
    return folder / f"{segment:06d}.vectors"


def header_of(identity: str, width: int, row_bytes: int) -> bytes:
    """What a segment begins with.

    Args:
        identity: 64 hexadecimal digits of the bundle.
        width: D.
        row_bytes: R, the bytes of a frame.
    """
    facts = (MAGIC, FORMAT_VERSION, width, identity.encode("ascii", "replace"), row_bytes)
    return HEADER.pack(*facts, zlib.crc32(HEADER.pack(*facts, 0)))
