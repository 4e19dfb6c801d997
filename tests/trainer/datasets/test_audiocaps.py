"""AudioCaps in the published form, v1 and v2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import read_captions, splits_of

HEADER = "audiocap_id,youtube_id,start_time,caption\n"
V1 = (
    HEADER
    + '91139,-Aa_0bCdEf1,130,"A woman talks, nearby, as water pours"\n'
    + "58146,UDGBjjwyaqE,20,Multiple clanging and clanking sounds\n"
    + "58147,_x-4_y-7_zA,0,Rain falls \n"
)
V2 = (
    HEADER
    + "1,-Aa_0bCdEf1,30,A dog barks\n"
    + "2,UDGBjjwyaqE,20,A bell rings\n"
    + "3,-Aa_0bCdEf1,30,Barking\n"
    + "4,-Aa_0bCdEf1,130,A cat meows\n"
)


def test_ids_with_dashes_and_underscores_find_their_sounds(
    place: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "train.csv").write_text(V1)
    place("audio/train", "-Aa_0bCdEf1_130.flac", "YUDGBjjwyaqE.wav")

    found = read_captions("audiocaps", tmp_path, "train")

    assert [(clip.id, clip.captions) for clip in found.clips] == [
        ("-Aa_0bCdEf1_130", ("A woman talks, nearby, as water pours",)),
        ("UDGBjjwyaqE_20", ("Multiple clanging and clanking sounds",)),
        ("_x-4_y-7_zA_0", ("Rain falls",)),
    ]
    assert [clip.path.name for clip in found.with_audio] == [
        "-Aa_0bCdEf1_130.flac",
        "YUDGBjjwyaqE.wav",
    ]
    assert found.missing == ("_x-4_y-7_zA_0",)
    assert found.clips[0].source == "youtube:-Aa_0bCdEf1"


def test_several_rows_of_one_clip_are_its_captions(tmp_path: Path) -> None:
    (tmp_path / "val.csv").write_text(V2)

    found = read_captions("audiocaps", tmp_path, "val")

    assert [(clip.id, clip.captions) for clip in found.clips] == [
        ("-Aa_0bCdEf1_30", ("A dog barks", "Barking")),
        ("UDGBjjwyaqE_20", ("A bell rings",)),
        ("-Aa_0bCdEf1_130", ("A cat meows",)),
    ]


def test_a_name_without_a_start_is_not_taken_for_two_clips(
    place: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "train.csv").write_text(V2)
    place("audio", "Y-Aa_0bCdEf1.wav", "UDGBjjwyaqE.wav")

    found = read_captions("audiocaps", tmp_path, "train")

    assert found.missing == ("-Aa_0bCdEf1_30", "-Aa_0bCdEf1_130")


def test_sounds_named_by_their_caption_are_found(
    place: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "train.csv").write_text(V2)
    place("audio", "2.wav", "3.wav", "4.wav")

    found = read_captions("audiocaps", tmp_path, "train", audio_folder=tmp_path / "audio")

    assert [clip.path.name for clip in found.clips] == ["3.wav", "2.wav", "4.wav"]
    assert found.missing == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,#NAME?,30,Rain", r"train\.csv, line 2: '#NAME\?' is no YouTube id"),
        ("1,UDGBjjwyaqE,half a minute,Rain", r"line 2: start_time 'half a minute'"),
        ("1,UDGBjjwyaqE,30, ", r"line 2: no caption"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "train.csv").write_text(HEADER + row + "\n")

    with pytest.raises(TokenAlignError, match=said):
        read_captions("audiocaps", tmp_path, "train")


def test_only_tables_that_are_there_are_splits(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text(V1)
    (tmp_path / "train.csv").write_text(V1)

    assert splits_of("audiocaps", tmp_path) == ("train", "test")
