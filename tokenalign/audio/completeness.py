"""Whether an Ogg or MP3 file holds all that it promises, told from its bytes alone.

libsndfile reads a file that was cut short without a word. But an Ogg page says whether it is the
last, and the first frame of an MP3 often says how many bytes follow.
"""

from __future__ import annotations

from os import SEEK_END
from typing import BinaryIO

from tokenalign.audio.signatures import is_mpeg_audio

LARGEST_OGG_PAGE_BYTES = 27 + 255 + 255 * 255
SMALLEST_MPEG_FRAME_BYTES = 24  # 8 kbit/s at 24 kHz


def ogg_has_its_end(file: BinaryIO) -> bool:
    """Whether the last page is whole and carries the flag that ends a stream (RFC 3533)."""
    tail = _tail(file, LARGEST_OGG_PAGE_BYTES)
    page = tail[max(0, tail.rfind(b"OggS")) :]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return False
    body_bytes = sum(page[27 : 27 + page[26]])
    ends_the_stream = bool(page[5] & 4)
    return ends_the_stream and len(page) >= 27 + page[26] + body_bytes


def mp3_kept(file: BinaryIO, start: int) -> float:
    """The fraction of the promised bytes that stand in the file; 1 where nothing is promised.

    The promise is the Xing or Info header: a frame of its own before the audio, with the number
    of frames and of bytes.
    """
    held_bytes = file.seek(0, SEEK_END) - start
    file.seek(start)
    frame = file.read(256)
    mark = max(frame.find(b"Xing", 4, 44), frame.find(b"Info", 4, 44))
    if mark < 0 or len(frame) < mark + 16 or not is_mpeg_audio(frame):
        return 1.0
    has_frames, has_bytes = frame[mark + 7] & 1, frame[mark + 7] & 2
    fields = [int.from_bytes(frame[at : at + 4], "big") for at in (mark + 8, mark + 12)]
    frames = fields.pop(0) if has_frames else 0
    promised_bytes = fields.pop(0) if has_bytes else 0
    # A header that lies about the frames lies about the length too.
    promised_bytes = max(promised_bytes, frames * SMALLEST_MPEG_FRAME_BYTES)
    return min(1.0, held_bytes / promised_bytes) if promised_bytes else 1.0


def _tail(file: BinaryIO, most_bytes: int) -> bytes:
    file.seek(max(0, file.seek(0, SEEK_END) - most_bytes))
    return file.read(most_bytes)
