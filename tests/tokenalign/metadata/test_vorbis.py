"""Vorbis comments in FLAC and Ogg, made by hand, whole and damaged."""

from __future__ import annotations

import io
import random
import struct

import pytest

from tests.tokenalign.metadata.builders import comment_block, flac, ogg
from tokenalign.metadata.vorbis import (
    MOST_COMMENTS,
    comments,
    flac_fields,
    ogg_fields,
)

BLOCK = comment_block([b"TITLE=Gate", "description=Tür = zu".encode(), b"CatID=DOORMetl", b"odd"])
SAID = [("Title", "Gate"), ("Description", "Tür = zu"), ("CatID", "DOORMetl")]
MOST = 1 << 20


def from_flac(content: bytes, start: int = 0, most: int = MOST) -> list[tuple[str, str]]:
    return list(flac_fields(io.BytesIO(content), start, most))


def from_ogg(content: bytes, most: int = MOST) -> list[tuple[str, str]]:
    return list(ogg_fields(io.BytesIO(content), 0, most))


def test_comments() -> None:
    assert list(comments(BLOCK)) == SAID


def test_a_block_that_is_cut_anywhere_says_the_comments_before() -> None:
    for length in range(len(BLOCK)):
        said = list(comments(BLOCK[:length]))
        assert said[:-1] == SAID[: max(0, len(said) - 1)]
    assert list(comments(BLOCK[:30])) == [("Title", "Gate")]


def test_a_count_that_lies_costs_nothing() -> None:
    lying = comment_block([b"TITLE=Gate"], count=2**32 - 1)
    assert list(comments(lying)) == [("Title", "Gate")]
    many = comment_block([b"TITLE=Gate"] * (MOST_COMMENTS + 5))
    assert len(list(comments(many))) == MOST_COMMENTS


def test_flac_with_pictures_and_padding_and_a_tag_before_it() -> None:
    content = flac((6, bytes(9_000)), (4, BLOCK), (1, bytes(100)))
    assert from_flac(content) == SAID
    assert from_flac(b"x" * 21 + content, start=21) == SAID


def test_a_flac_block_that_is_too_long_is_skipped() -> None:
    long = comment_block([b"NOTE=" + b"x" * 500])
    assert from_flac(flac((4, long), (4, BLOCK)), most=300) == SAID


@pytest.mark.parametrize("most_segments", [255, 1])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"\x01vorbis" + bytes(22), b"\x03vorbis" + BLOCK + b"\x01"),
        (b"OpusHead" + bytes(11), b"OpusTags" + BLOCK),
        (b"\x7fFLAC" + bytes(46), b"\x84" + len(BLOCK).to_bytes(3, "big") + BLOCK),
    ],
    ids=["Vorbis", "Opus", "FLAC"],
)
def test_ogg_over_few_and_many_pages(first: bytes, second: bytes, most_segments: int) -> None:
    assert from_ogg(ogg(first, second, bytes(600), most_segments=most_segments)) == SAID


def test_a_stream_between_the_pages_is_passed_over() -> None:
    first, second = ogg(b"OpusHead" + bytes(11)), ogg(b"OpusTags" + BLOCK)
    other = ogg(b"\x01video" + bytes(30), bytes(500), serial=8)
    assert from_ogg(first + other + second) == SAID


def test_a_packet_that_is_too_long_says_what_stands_at_its_beginning() -> None:
    picture = b"METADATA_BLOCK_PICTURE=" + b"A" * 500_000
    block = comment_block([b"TITLE=Gate", picture, b"NOTE=behind"])
    content = ogg(b"OpusHead" + bytes(11), b"OpusTags" + block)
    shown = [pair for pair in from_ogg(content, most=100_000) if pair[0]]
    assert shown == [("Title", "Gate")]
    assert [pair for pair in from_ogg(content) if pair[0]] == [
        ("Title", "Gate"),
        ("Note", "behind"),
    ]


def test_random_damage_never_raises() -> None:
    chance = random.Random(5)
    for whole, read in (
        (flac((4, BLOCK)), from_flac),
        (ogg(b"OpusHead" + bytes(11), b"OpusTags" + BLOCK), from_ogg),
    ):
        for _ in range(300):
            damaged = bytearray(whole)
            for _ in range(4):
                damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
            said = read(bytes(damaged[: chance.randrange(len(damaged) + 1)]))
            assert all(isinstance(value, str) for _, value in said)


def test_a_length_beyond_the_block_gives_what_there_is() -> None:
    block = struct.pack("<I", 0) + struct.pack("<I", 1) + struct.pack("<I", 2**32 - 1) + b"note=a"
    assert list(comments(block)) == [("Note", "a")]
