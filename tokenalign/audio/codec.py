"""Which ways of coding samples are read; the rest is refused by name.

libsndfile 1.2 opens many more, among them ADPCM and speech codecs whose decoders are known to
overrun their memory on hostile files. So the code that stands in a WAV or AIFF header is looked
at before libsndfile sees the file, and what libsndfile then says it found is looked at again.
"""

from __future__ import annotations

from typing import Literal

ByteOrder = Literal["little", "big"]

SUBTYPES_READ = frozenset(
    {
        *("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"),
        *("VORBIS", "OPUS", "MPEG_LAYER_I", "MPEG_LAYER_II", "MPEG_LAYER_III"),
        *("AAC", "ALAC_16", "ALAC_20", "ALAC_24", "ALAC_32"),
    }
)

_EXTENSIBLE = 0xFFFE  # the code itself stands further behind
_WAV_READ = (0x0001, 0x0003, 0x0006, 0x0007, 0x0050, 0x0055)  # PCM, float, A-law, µ-law, MPEG
_WAV_REFUSED = {
    0x0002: "Microsoft ADPCM",
    0x0010: "OKI ADPCM",
    0x0011: "IMA ADPCM",
    0x0031: "GSM 6.10",
    0x0038: "NMS ADPCM",
    0x0040: "G.721 ADPCM",
    0x0045: "G.726 ADPCM",
    0x0161: "Windows Media Audio",
}
_AIFF_READ = frozenset(
    {
        *(b"NONE", b"twos", b"sowt", b"raw ", b"in24", b"in32", b"42ni", b"23ni"),
        *(b"fl32", b"FL32", b"fl64", b"FL64", b"alaw", b"ALAW", b"ulaw", b"ULAW"),
    }
)
_AIFF_REFUSED = {b"ima4": "IMA ADPCM", b"GSM ": "GSM 6.10", b"DWVW": "DWVW", b"G722": "G.722"}


def refused_in_wav(format_chunk: bytes, order: ByteOrder) -> str:
    """The codec's name if it is not read, else an empty string; the content of ``fmt``."""
    code = int.from_bytes(format_chunk[:2], order)
    if code == _EXTENSIBLE:
        code = int.from_bytes(format_chunk[24:26], order)
    if not format_chunk or code in _WAV_READ:
        return ""
    return _WAV_REFUSED.get(code, f"WAV codec 0x{code:04x}")


def refused_in_aiff(common_chunk: bytes) -> str:
    """The codec's name if it is not read, else an empty string; the content of ``COMM``."""
    code = common_chunk[18:22]
    if not code or code in _AIFF_READ:  # a plain AIFF names no codec: it is PCM
        return ""
    return _AIFF_REFUSED.get(code, f"AIFF codec {code!r}")
