"""What a file is by its first bytes: the six containers that are read, and what others look like.

A name says nothing here: FLAC inside ``x.mp3`` is FLAC, and a PDF inside ``x.wav`` is a PDF.
"""

from __future__ import annotations

SIGNATURE_BYTES = 64

# (offset, bytes, what it looks like); the first that fits counts.
_OTHERS = (
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "WMA"),
    (0, b"BW64", "Broadcast Wave 64"),
    (0, b"caff", "Core Audio"),
    (0, b".snd", "Sun or NeXT audio"),
    (0, b"wvpk", "WavPack"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"DSD ", "DSD audio"),
    (0, b"FRM8", "DSD audio"),
    (0, b"#!AMR", "AMR speech"),
    (0, b"MThd", "MIDI"),
    (0, b"Creative Voice File", "Creative Voice audio"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (8, b"AVI ", "AVI video"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
)


def container_of(head: bytes) -> str:
    """``wav``, ``aiff``, ``flac``, ``ogg``, ``m4a``, ``mp3``, or an empty string for all else."""
    outer, inner = head[:4], head[8:12]
    if outer in (b"RIFF", b"RIFX", b"RF64") and inner == b"WAVE":
        return "wav"
    if outer == b"riff" and head[24:28] == b"wave":  # Wave64
        return "wav"
    if outer == b"FORM" and inner in (b"AIFF", b"AIFC"):
        return "aiff"
    if outer == b"fLaC":
        return "flac"
    if outer == b"OggS":
        return "ogg"
    if head[4:8] == b"ftyp":  # MP4, of which M4A is the name for sounds
        return "m4a"
    return "mp3" if is_mpeg_audio(head) else ""


def is_mpeg_audio(head: bytes) -> bool:
    """Whether the bytes begin with the header of an MPEG audio frame."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer != 0 and bit_rate != 15 and sample_rate != 3


def looks_like(head: bytes) -> str:
    """What an unsupported file seems to be, or an empty string."""
    for offset, signature, name in _OTHERS:
        if head.startswith(signature, offset):
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:  # MPEG sync, layer 0
        return "AAC"
    if head and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return "text"
    return ""


def id3_bytes(head: bytes) -> int:
    """Length of the ID3v2 tag that the bytes begin with, 0 where there is none."""
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    length = 0
    for byte in head[6:10]:  # seven bits in each
        length = length << 7 | byte & 0x7F
    return 10 + length
