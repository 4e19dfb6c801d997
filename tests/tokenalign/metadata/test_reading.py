"""Files of all containers, whole, damaged and no files at all."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.tokenalign.audio.m4a_files import TABLE_IN_FRONT, write_m4a
from tests.tokenalign.metadata.builders import (
    RATE_HZ,
    aiff,
    bext,
    chunk,
    comment_block,
    flac,
    id3,
    info,
    ixml,
    ogg,
    wav,
    written,
)
from tokenalign.errors import AudioFileError
from tokenalign.metadata import metadata_in, read_metadata
from tokenalign.metadata.reading import MOST_BYTES

GATE = ("Title", "Gate")


def test_a_wav_file_with_everything(tmp_path: Path) -> None:
    description = b"An iron gate that nobody has oiled for years, slowly opened"
    content = wav(
        bext(description=description, originator=b"F6", reference_samples=RATE_HZ),
        chunk(b"LIST", b"adtl"),
        info({b"INAM": b"Gate", b"ICMT": b"take this one"}),
        chunk(b"junk", bytes(1_001)),
        ixml(
            "<SCENE>4</SCENE><USER><DESCRIPTION>" + description.decode() + "</DESCRIPTION></USER>"
        ),
        chunk(b"id3 ", id3([(b"TXXX", b"\x03CatID\x00DOORMetl")])),
    )
    assert read_metadata(written(tmp_path / "gate.wav", content)) == (
        ("Title", "Gate"),
        ("Description", description.decode()),
        ("CatID", "DOORMetl"),
        ("Originator", "F6"),
        ("Scene", "4"),
        ("Comment", "take this one"),
        ("Timecode", "00:00:01.000"),
    )


def test_the_name_speaks_where_the_file_is_silent(tmp_path: Path) -> None:
    name = "DOORMetl_Iron Gate_ABC_YARD.wav"
    content = wav(ixml("<ASWG><category>DOORS</category><creatorId>XYZ</creatorId></ASWG>"))
    assert read_metadata(written(tmp_path / name, content)) == (
        ("FX name", "Iron Gate"),
        ("Category", "DOORS"),
        ("Subcategory", "Metl"),
        ("CatID", "DOORMetl"),
        ("Creator", "XYZ"),
        ("Source", "YARD"),
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.aiff", aiff(chunk(b"NAME", b"Gate", order=">"))),
        ("b.aif", aiff(chunk(b"ID3 ", id3([(b"TIT2", b"\x00Gate")]), order=">"))),
        ("c.flac", flac((4, comment_block([b"TITLE=Gate"])))),
        ("d.flac", id3([(b"TCOM", b"\x00")]) + flac((4, comment_block([b"TITLE=Gate"])))),
        ("e.opus", ogg(b"OpusHead" + bytes(11), b"OpusTags" + comment_block([b"TITLE=Gate"]))),
        ("f.mp3", id3([(b"TIT2", b"\x00Gate")]) + b"\xff\xfb\x90\x00" + bytes(2_000)),
        ("named wrong.mp3", wav(info({b"INAM": b"Gate"}))),
        ("tag first.wav", id3([(b"TIT2", b"\x00Gate")]) + wav()),
    ],
)
def test_each_container(tmp_path: Path, name: str, content: bytes) -> None:
    assert read_metadata(written(tmp_path / name, content)) == (GATE,)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg"])
def test_what_libsndfile_writes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"gate.{suffix}"
    with soundfile.SoundFile(path, "w", samplerate=RATE_HZ, channels=1) as file:
        file.title, file.artist = "Gate", "Zoë"
        file.write(np.zeros(4_800))
    assert read_metadata(path) == (GATE, ("Artist", "Zoë"))


@pytest.mark.parametrize("options", [{}, TABLE_IN_FRONT])
def test_what_ffmpeg_writes_into_m4a(tmp_path: Path, options: dict[str, str]) -> None:
    tags = {"title": "Gate", "artist": "Zoë", "comment": "rusty", "encoder": "nobody's business"}
    path = write_m4a(tmp_path / "gate.m4a", np.zeros(4_800), RATE_HZ, options=options, tags=tags)
    assert read_metadata(path) == (GATE, ("Artist", "Zoë"), ("Comment", "rusty"))


def test_rf64_is_read_behind_its_samples(tmp_path: Path) -> None:
    content = wav(bext(description=b"gate"))
    sizes = chunk(b"ds64", struct.pack("<QQQI", len(content), 960, 480, 0))
    data_at = content.index(b"data")
    unsaid = b"RF64\xff\xff\xff\xffWAVE" + sizes + content[12:data_at] + b"data\xff\xff\xff\xff"
    path = written(tmp_path / "long.wav", unsaid + content[data_at + 8 :])
    assert read_metadata(path) == (("Description", "gate"),)


def test_samples_are_stepped_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "hours.wav", b"")
    with path.open("wb") as file:  # three gigabytes that the disk need not hold
        head = wav(samples=0)
        file.write(head[:-4] + struct.pack("<I", 3 << 30))
        file.seek(3 << 30, os.SEEK_CUR)
        file.write(info({b"INAM": b"Gate"}))
    taken = []
    read = os.fdopen

    def counting(*arguments: object, **options: object) -> object:
        file = read(*arguments, **options)  # type: ignore[call-overload]

        class Counted:
            def __getattr__(self, name: str) -> object:
                return getattr(file, name)

            def __enter__(self) -> Counted:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def read(self, size: int) -> bytes:
                content: bytes = file.read(size)
                taken.append(len(content))
                return content

        return Counted()

    monkeypatch.setattr(os, "fdopen", counting)
    assert read_metadata(path) == (GATE,)
    assert 0 < sum(taken) < 500


def test_a_chunk_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    long = ixml("<SCENE>4</SCENE>" + " " * MOST_BYTES)
    path = written(tmp_path / "a.wav", wav(long, info({b"INAM": b"Gate"})))
    assert read_metadata(path) == (GATE,)


def test_a_chunk_that_is_damaged_leaves_the_others(tmp_path: Path) -> None:
    content = wav(
        chunk(b"bext", b"\xff" * 40),
        chunk(b"iXML", b"\xff\xfe\x00"),
        chunk(b"id3 ", b"ID3\x09\xff\xff\xff\xff\xff\xff"),
        info({b"INAM": b"Gate"}),
    )
    assert GATE in read_metadata(written(tmp_path / "a.wav", content))


def test_files_that_cannot_be_read_say_what_their_names_say(tmp_path: Path) -> None:
    absent = tmp_path / "DOORMetl_Iron Gate_ABC_YARD.wav"
    assert dict(read_metadata(absent))["CatID"] == "DOORMetl"
    assert read_metadata(tmp_path) == ()
    with pytest.raises(AudioFileError):
        metadata_in(absent)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert read_metadata(tmp_path / "pipe.wav") == ()


@pytest.mark.parametrize("content", [b"", b"R", b"RIFF", wav()[:12], b"%PDF-1.7", bytes(100)])
def test_files_without_anything_say_nothing(tmp_path: Path, content: bytes) -> None:
    assert read_metadata(written(tmp_path / "a.wav", content)) == ()


def test_random_damage_never_raises(tmp_path: Path) -> None:
    chance = random.Random(3)
    tag = id3([(b"TIT2", b"\x01" + "Gate".encode("utf-16")), (b"TXXX", b"\x00a\x00b")])
    chunks = (bext(description=b"door"), info({b"INAM": b"Gate"}), ixml("<SCENE>4</SCENE>"))
    wholes = [wav(*chunks, chunk(b"id3 ", tag), samples=8), tag + b"\xff\xfb\x90\x00" + bytes(200)]
    memo = write_m4a(
        tmp_path / "memo.m4a",
        np.zeros(2_000),
        RATE_HZ,
        options=TABLE_IN_FRONT,
        tags={"title": "Gate", "comment": "rusty"},
    )
    wholes.append(memo.read_bytes())
    for whole in wholes:
        for number in range(400):
            damaged = bytearray(whole)
            for _ in range(1 + number % 8):
                damaged[chance.randrange(12, len(damaged))] = chance.randrange(256)
            path = written(tmp_path / "a.wav", bytes(damaged[: chance.randrange(len(damaged)) + 1]))
            for field, value in read_metadata(path):
                assert field
                assert value == " ".join(value.split())
