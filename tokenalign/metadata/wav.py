"""The text chunks of WAV files: bext (EBU Tech 3285), iXML with ASWG and USER, and LIST INFO.

`wavinfo` takes each chunk apart. It stops at the first thing that it does not expect, so that
each chunk is given to it by itself: one that is damaged leaves the others readable.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from wavinfo.wave_bext_reader import WavBextReader
from wavinfo.wave_info_reader import WavInfoChunkReader
from wavinfo.wave_ixml_reader import WavIXMLFormat

from tokenalign.metadata.fields import Pair, field_called, known_field
from tokenalign.metadata.text import decoded

# What wavinfo and the XML parser (whose errors are syntax errors) raise on damaged chunks.
DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RecursionError),
    *(SyntaxError, TypeError, ValueError, struct.error),
)
BEXT_BYTES = 602
"""The part of fixed length; version 0 leaves the last 254 bytes zero."""

LATEST_S = 48 * 3_600
"""A time of day may run past midnight; a later one is no time of day."""

INFO_BYTES = 1 << 18
"""Of an INFO chunk; hostile ones hold hundreds of thousands of values."""

MOST_ELEMENTS = 256
"""Of each part of iXML; hostile files hold any number."""

_BEXT = ("description", "originator", "originator_date", "originator_time")
_PARTS_OF_ANY_NAME = ("USER", "ASWG")
_PARTS_OF_KNOWN_NAMES = ("BEXT", "LOCATION")
_AS_BYTES = "latin_1"  # gives each byte as one character, so that the bytes can be had back


def bext_fields(chunk: bytes, rate_hz: int = 0) -> list[Pair]:
    """What a bext chunk says; with the sampling rate also the time of day of its beginning."""
    try:
        bext = WavBextReader(chunk.ljust(BEXT_BYTES, b"\0"), _AS_BYTES)
    except DAMAGED:
        return []
    pairs = [(known_field(name), _text(getattr(bext, name))) for name in _BEXT]
    if 0 < bext.time_reference < LATEST_S * rate_hz:
        pairs.append(("Timecode", _time_of_day(bext.time_reference / rate_hz)))
    return pairs


def info_fields(chunk: bytes) -> list[Pair]:
    """What a LIST chunk of the kind INFO says."""
    beginning = chunk[:INFO_BYTES]
    framed = b"LIST" + struct.pack("<I", len(beginning)) + beginning
    file = BytesIO(b"RIFF" + struct.pack("<I", 4 + len(framed)) + b"WAVE" + framed)
    try:
        info = WavInfoChunkReader(file, _AS_BYTES).to_dict()
    except DAMAGED:
        return []
    return [(known_field(name), _text(value)) for name, value in info.items() if value]


def ixml_fields(chunk: bytes) -> list[Pair]:
    """What an iXML chunk says, as far as it can be parsed.

    iXML has no document type; one that defines entities is not believed.
    """
    source = chunk.strip(b"\0 \r\n\t")
    if b"<!" in source.replace(b"\0", b"").replace(b"<!--", b""):
        return []
    try:
        ixml = WavIXMLFormat(source)
        root = ixml.raw_xml.getroot()
        return [] if root is None else [*_leaves(root), _track_names(ixml, root)]
    except DAMAGED:
        return []


def _leaves(root: Any) -> Iterator[Pair]:
    """The elements that bear text: those of known names, and all in the parts for any name."""
    for element in islice(root, MOST_ELEMENTS):
        name = str(element.tag).upper()
        if name not in ("TRACK_LIST", "CIRCLED") or element.text == "TRUE":
            yield known_field(name), element.text or ""
        for inner in islice(element if name in _PARTS_OF_ANY_NAME else (), MOST_ELEMENTS):
            yield field_called(str(inner.tag)), "".join(inner.itertext())
        for inner in islice(element if name in _PARTS_OF_KNOWN_NAMES else (), MOST_ELEMENTS):
            yield known_field(str(inner.tag)), inner.text or ""


def _track_names(ixml: WavIXMLFormat, root: Any) -> Pair:
    tracks = () if root.find("TRACK_LIST") is None else ixml.track_list
    names = dict.fromkeys(str(track.name).strip() for track in islice(tracks, MOST_ELEMENTS))
    return "Track names", ", ".join(filter(None, names))


def _time_of_day(time_s: float) -> str:
    whole_s, rest = divmod(round(time_s * 1000), 1000)
    minutes, second = divmod(whole_s, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{rest:03}"


def _text(value: object) -> str:
    return decoded(str(value or "").encode(_AS_BYTES))
