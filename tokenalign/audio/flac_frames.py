"""How many samples a FLAC file holds, whatever its header promises, without decoding any.

Every frame begins with a header that carries the number of its first sample and a checksum
(RFC 9639, section 9.1): the last one in the file tells how far the audio reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO

TAIL_BYTES = 1 << 20  # holds several frames of any common file, and tags behind them
LONGEST_HEADER_BYTES = 16
MOST_METADATA_BLOCKS = 1_000  # a hostile file may hold millions of empty ones


@dataclass(frozen=True)
class StreamInfo:
    """What the file's header says: samples are counted per channel, 0 where that is unknown."""

    block_samples: int
    total_samples: int
    first_frame_at: int


def held_samples(file: BinaryIO, start: int) -> int:
    """Samples per channel up to the last frame; the promised ones where no frame is found.

    A frame that the end of the file cuts in two cannot be decoded: where samples are missing,
    the last frame does not count.
    """
    info = _stream_info(file, start)
    file_bytes = file.seek(0, SEEK_END)
    if info.first_frame_at >= file_bytes:
        return 0
    file.seek(info.first_frame_at)
    first_frame = file.read(4)
    file.seek(max(info.first_frame_at, file_bytes - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    position = len(tail)
    while (position := tail.rfind(first_frame[:2], 0, position + 1)) >= 0:
        frame = tail[position : position + LONGEST_HEADER_BYTES]
        if _same_stream(frame, first_frame) and (span := frame_span(frame, info.block_samples)):
            first_sample, end_sample = span
            return end_sample if end_sample >= info.total_samples else first_sample
    return info.total_samples


def frame_span(header: bytes, block_samples: int) -> tuple[int, int] | None:
    """First sample of a frame and the one behind its last; None if this is no frame header.

    Args:
        header: the bytes from the sync code on, `LONGEST_HEADER_BYTES` or what there is.
        block_samples: samples of every block, where blocks are numbered instead of samples.
    """
    if len(header) < 6:
        return None
    number_bytes = max(1, 8 - (header[4] ^ 0xFF).bit_length())
    size_at = 4 + number_bytes
    size_code, rate_code = header[2] >> 4, header[2] & 15
    size_bytes = {6: 1, 7: 2}.get(size_code, 0)
    checksum_at = size_at + size_bytes + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if len(header) <= checksum_at or checksum_8(header[:checksum_at]) != header[checksum_at]:
        return None
    number = header[4] & (0x7F >> (number_bytes if number_bytes > 1 else 0))
    for byte in header[5:size_at]:
        number = number << 6 | byte & 0x3F
    first_sample = number if header[1] & 1 else number * block_samples
    written_size = int.from_bytes(header[size_at : size_at + size_bytes], "big") + 1
    return first_sample, first_sample + (_block_samples(size_code) or written_size)


def checksum_8(content: bytes) -> int:
    """CRC-8 with the polynomial x^8 + x^2 + x + 1."""
    remainder = 0
    for byte in content:
        remainder ^= byte
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x107 if remainder & 0x80 else 0)) & 0xFF
    return remainder


def _block_samples(size_code: int) -> int:
    """Samples of a block by its code; 0 where the header writes them out."""
    if size_code == 1:
        return 192
    if 2 <= size_code <= 5:
        return 576 << (size_code - 2)
    return 256 << (size_code - 8) if size_code >= 8 else 0


def _same_stream(frame: bytes, first_frame: bytes) -> bool:
    """Whether rate and sample size, which never change in a stream, are coded alike."""
    if len(frame) < 4 or len(first_frame) < 4:
        return False
    return frame[2] & 0x0F == first_frame[2] & 0x0F and frame[3] & 0x0F == first_frame[3] & 0x0F


def _stream_info(file: BinaryIO, start: int) -> StreamInfo:
    """Read the first metadata block and step over the others."""
    file.seek(start + 8)
    content = file.read(34)
    total_samples = int.from_bytes(content[13:18], "big") & ((1 << 36) - 1)
    position = start + 4
    for _ in range(MOST_METADATA_BLOCKS):
        file.seek(position)
        head = file.read(4)
        position += 4 + int.from_bytes(head[1:], "big")
        if len(head) < 4 or head[0] & 0x80:  # the flag of the last one
            break
    return StreamInfo(int.from_bytes(content[2:4], "big"), total_samples, position)
