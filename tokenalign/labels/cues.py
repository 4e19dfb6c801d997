"""Markers inside a WAV file, as audio editors read them: a ``cue `` chunk and its labels.

Two chunks stand behind the samples; all numbers are little-endian and of 32 bits where not said
otherwise, and a chunk of odd size is followed by a zero byte that its size leaves out:

    "cue "  size, number of markers, then for each marker 24 bytes:
            id, position, "data", 0, 0, sample
    "LIST"  size, "adtl", then for each marker:
            "labl"  size, id, text ended by a zero byte (UTF-8)
            "ltxt"  20, id, length, "rgn ", then country, language, dialect and code page (16 bits
                    each): 0

Position and sample are the same here, where the marker begins; they and its length count sample
frames (one for all channels) from the start of the file. With a length a marker is a region.

Source: Microsoft and IBM, *Multimedia Programming Interface and Data Specifications 1.0* (1991),
chapter 3, "Waveform Audio File Format".
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.grounding import Grounding
from tokenalign.labels.cells import phrase_label

_RIFF_HEAD_BYTES = 8


@dataclass(frozen=True)
class Marker:
    """A named stretch of a sound.

    Attributes:
        start: sample frame where it begins.
        samples: how many sample frames it lasts.
        label: what sounds there.
    """

    start: int
    samples: int
    label: str


def markers_within(
    grounding: Grounding, *, start_s: float, samples: int, sample_rate: int
) -> list[Marker]:
    """Where phrases are heard inside a part of a sound, in order of time.

    Args:
        grounding: of the whole sound.
        start_s: where the part begins.
        samples: how many sample frames it has.
        sample_rate: of the sound, in Hz.
    """
    first = max(0, round(start_s * sample_rate))
    found = []
    for phrase in grounding.phrases:
        for segment in phrase.heard:
            start = max(0, round(segment.start_s * sample_rate) - first)
            end = min(samples, round(segment.end_s * sample_rate) - first)
            if start < end:
                found.append(Marker(start, end - start, phrase_label(phrase)))
    return sorted(found, key=lambda marker: (marker.start, -marker.samples))


def add_markers(path: Path, markers: Sequence[Marker]) -> None:
    """Put markers behind all that a WAV file has; it must have none yet, and end where RIFF does.

    Raises:
        OSError: it cannot be written to.
    """
    if not markers:
        return
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.write(bytes(end % 2) + _chunk(b"cue ", _points(markers)))
        file.write(_chunk(b"LIST", b"adtl" + b"".join(_labels(markers))))
        riff_bytes = file.tell() - _RIFF_HEAD_BYTES
        file.seek(len(b"RIFF"))
        file.write(struct.pack("<I", riff_bytes))


def _points(markers: Sequence[Marker]) -> bytes:
    points = (
        struct.pack("<II4sIII", number, marker.start, b"data", 0, 0, marker.start)
        for number, marker in enumerate(markers, start=1)
    )
    return struct.pack("<I", len(markers)) + b"".join(points)


def _labels(markers: Sequence[Marker]) -> Iterator[bytes]:
    for number, marker in enumerate(markers, start=1):
        text = marker.label.encode("utf-8", "replace").replace(b"\0", b" ") + b"\0"
        yield _chunk(b"labl", struct.pack("<I", number) + text)
        region = struct.pack("<II4sHHHH", number, marker.samples, b"rgn ", 0, 0, 0, 0)
        yield _chunk(b"ltxt", region)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
