"""ID3 tags, made by hand."""

from __future__ import annotations

import io

import pytest

from tests.tokenalign.metadata.builders import id3
from tokenalign.metadata.tags import (
    LONGEST_READ,
    MOST_READ,
    VERSION_1_BYTES,
    id3_bytes_of,
    tag_fields,
)

MPEG = b"\xff\xfb\x90\x00"


def version_1(title: bytes) -> bytes:
    return b"TAG" + title.ljust(94, b"\0") + bytes(30) + b"\xff"


def said(tag: bytes) -> dict[str, str]:
    return {field: value for field, value in tag_fields(tag) if field}


def test_frames_become_fields() -> None:
    tag = id3(
        [
            (b"TIT2", b"\x03Gate"),
            (b"TPE1", b"\x01" + "Zoë".encode("utf-16")),
            (b"TYER", b"\x002024"),
            (b"COMM", b"\x00eng\x00rusty"),
            (b"TXXX", b"\x03CatID\x00DOORMetl"),
            (b"TXXX", b"\x03Description\x00An iron gate"),
            (b"TSSE", b"\x00Lavf60"),
            (b"TDLY", b"\x00100"),
            (b"APIC", b"\x00image/png\x00\x03\x00" + bytes(5_000)),
            (b"TALB", b"\x00Gates"),
        ]
    )
    assert said(tag) == {
        "Title": "Gate",
        "Artist": "Zoë",
        "Date": "2024",
        "Comment": "rusty",
        "CatID": "DOORMetl",
        "Description": "An iron gate",
        "Album": "Gates",
    }


def test_version_1_alone_and_behind_version_2() -> None:
    assert said(MPEG + version_1(b"Old"))["Title"] == "Old"
    newer = id3([(b"TIT2", b"\x00New")])
    assert said(newer + version_1(b"Old"))["Title"] == "New"


def test_the_tags_of_a_file_are_its_front_and_its_last_bytes() -> None:
    tag = id3([(b"TIT2", b"\x00New")])
    file = io.BytesIO(tag + MPEG + bytes(10_000) + version_1(b"Old"))
    assert id3_bytes_of(file, len(tag), 1 << 20) == tag + version_1(b"Old")
    bare = io.BytesIO(MPEG + bytes(10_000))
    assert id3_bytes_of(bare, 0, 1 << 20) == MPEG + bytes(VERSION_1_BYTES)


@pytest.mark.parametrize(
    "tag",
    [
        b"",
        MPEG,
        bytes(200),
        b"ID3",
        b"ID3\x03\0\0\x7f\x7f\x7f\x7f",
        b"ID3\x03\0\x40\0\0\x10\0" + bytes(4),
        id3([(b"TIT2", b"")]),
        id3([(b"TXXX", b"\x01\xff")]),
    ],
)
def test_a_damaged_tag_says_nothing(tag: bytes) -> None:
    assert said(tag) == {}


def test_a_tag_that_is_cut_says_what_stands_before() -> None:
    tag = id3([(b"TIT2", b"\x00Gate"), (b"COMM", b"\x00eng\x00" + b"r" * 900)])
    assert said(tag[:-800])["Title"] == "Gate"


def test_a_frame_that_is_too_long_is_cut_and_those_behind_it_are_read() -> None:
    tag = id3([(b"USLT", b"\x00eng\x00" + b"la " * LONGEST_READ), (b"TIT2", b"\x00Gate")])
    assert said(tag)["Title"] == "Gate"
    assert len(said(tag)["Transcript"]) < LONGEST_READ


@pytest.mark.parametrize("values_a_frame", [1, 1_000])
def test_endless_different_values_are_not_all_compared(values_a_frame: int) -> None:
    numbers = [b"%d" % number for number in range(200_000)]
    firsts = range(0, len(numbers), values_a_frame)
    values = [b"\0".join(numbers[first : first + values_a_frame]) for first in firsts]
    tag = id3([(b"TPE1", b"\x00" + value) for value in values])
    assert len(tag) > 5 * MOST_READ
    assert 0 < len(tag_fields(tag)) < MOST_READ / 2
