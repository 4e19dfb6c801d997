"""Markers of a WAV file, taken apart byte by byte, and the sound that must not change by them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from tokenalign.grounding import Grounding, PhraseGrounding, Segment, ungrounded
from tokenalign.labels import write_span
from tokenalign.labels.cues import Marker, add_markers, markers_within
from tokenalign.query.types import Relation

RATE = 8000
EDGES_S = np.array([0.0, 1.0, 2.0])


def phrase(
    text: str, *spans_s: tuple[float, float], relation: Relation = Relation.AND, found: bool = True
) -> PhraseGrounding:
    return PhraseGrounding(
        text=text,
        relation=relation,
        start_char=0,
        end_char=len(text),
        score=0.5,
        found=found,
        segments=tuple(Segment(*span_s, 0.5) for span_s in spans_s),
        frame_scores=np.zeros(2, dtype=np.float32),
        frame_edges_s=EDGES_S,
    )


GROUNDING = Grounding(
    caption="",
    score=0.5,
    phrases=(
        phrase("rain, loud", (0.25, 0.75), (1.5, 2.0)),
        phrase("Tür", (0.875, 1.0)),
        phrase("wind", (0.0, 2.0), relation=Relation.WITHOUT),
        phrase("a trumpet", (0.5, 1.0), found=False),
    ),
    tokens=(),
    attention=np.zeros((0, 2), dtype=np.float32),
    frame_edges_s=EDGES_S,
)
MARKERS = [
    Marker(0, 4000, "without wind"),
    Marker(0, 2000, "rain, loud"),
    Marker(3000, 1000, "Tür"),
]


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk, to the last byte."""
    place = 0
    while place < len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        place += 8
        assert place + size <= len(content)
        yield name, content[place : place + size]
        place += size + size % 2
    assert place == len(content)


def riff(path: Path) -> dict[bytes, bytes]:
    ((name, content),) = chunks(path.read_bytes())
    assert (name, content[:4]) == (b"RIFF", b"WAVE")
    return dict(chunks(content[4:]))


def test_what_sounds_in_a_part_is_marked_from_its_start() -> None:
    assert markers_within(GROUNDING, start_s=0.5, samples=4000, sample_rate=RATE) == MARKERS
    assert markers_within(GROUNDING, start_s=2.0, samples=4000, sample_rate=RATE) == []


def test_a_span_carries_its_markers_and_the_same_samples(tmp_path: Path) -> None:
    source, plain, marked = (tmp_path / name for name in ("source.wav", "plain.wav", "marked.wav"))
    noise = np.random.default_rng(7).uniform(-0.9, 0.9, (2 * RATE, 2))
    soundfile.write(source, noise, RATE, subtype="PCM_24")

    write_span(source, plain, start_s=0.5, end_s=1.0)
    write_span(source, marked, start_s=0.5, end_s=1.0, grounding=GROUNDING)

    found = riff(marked)
    assert struct.unpack("<I" + 3 * "II4sIII", found[b"cue "]) == (
        *(3,),
        *(1, 0, b"data", 0, 0, 0),
        *(2, 0, b"data", 0, 0, 0),
        *(3, 3000, b"data", 0, 0, 3000),
    )
    assert found[b"LIST"][:4] == b"adtl"
    labels = list(chunks(found[b"LIST"][4:]))
    assert [name for name, _ in labels] == [b"labl", b"ltxt"] * 3
    assert [content for _, content in labels[::2]] == [
        b"\1\0\0\0without wind\0",
        b"\2\0\0\0rain, loud\0",
        b"\3\0\0\0T\xc3\xbcr\0",
    ]
    assert [struct.unpack("<II4sHHHH", content) for _, content in labels[1::2]] == [
        (1, 4000, b"rgn ", 0, 0, 0, 0),
        (2, 2000, b"rgn ", 0, 0, 0, 0),
        (3, 1000, b"rgn ", 0, 0, 0, 0),
    ]
    np.testing.assert_array_equal(soundfile.read(marked)[0], soundfile.read(plain)[0])
    assert riff(plain) == {name: found[name] for name in (b"fmt ", b"data")}


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT"])
def test_markers_stand_behind_an_odd_number_of_bytes_too(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "odd.wav"
    samples = np.linspace(-0.5, 0.5, 4001)
    soundfile.write(path, samples, RATE, subtype=subtype)
    before, _ = soundfile.read(path)

    add_markers(path, MARKERS)

    assert len(riff(path)[b"cue "]) == 4 + 3 * 24
    np.testing.assert_array_equal(soundfile.read(path)[0], before)


def test_another_reader_finds_times_lengths_and_names(tmp_path: Path) -> None:
    path = tmp_path / "marked.wav"
    soundfile.write(path, np.zeros(4000), RATE)
    add_markers(path, MARKERS)

    cues = WavInfoReader(str(path)).cues

    assert cues is not None
    assert [cue.sample_offset for cue in cues.cues] == [0, 0, 3000]
    assert [cues.label_and_note(cue.name)[0] for cue in cues.cues][:2] == [
        "without wind",
        "rain, loud",
    ]
    assert [cues.range(cue.name) for cue in cues.cues] == [4000, 2000, 1000]


@pytest.mark.parametrize("grounding", [None, ungrounded(2.0)])
def test_where_nothing_is_shown_nothing_is_marked(
    tmp_path: Path, grounding: Grounding | None
) -> None:
    soundfile.write(tmp_path / "source.wav", np.full(RATE, 0.5), RATE)

    write_span(
        tmp_path / "source.wav", tmp_path / "a.wav", start_s=0.0, end_s=0.5, grounding=grounding
    )

    assert set(riff(tmp_path / "a.wav")) == {b"fmt ", b"data"}
