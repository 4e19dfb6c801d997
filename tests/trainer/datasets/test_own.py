"""Clips and captions of one's own: tables, and texts beside sounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import GroundedPhrase, read_captions, splits_of

TABLE = """file,caption,start_s,end_s
yard/-1.wav,A dog barks,4.5,6
yard/-1.wav,Rain falls,,
yard/-1.wav,A dog barks,1,2.5
gone.wav,"Bells, far away",,
"""


def test_rows_of_one_file_are_one_clip(tmp_path: Path, place: Callable[..., None]) -> None:
    (tmp_path / "train.csv").write_text(TABLE)
    place("yard", "-1.wav")

    found = read_captions("own", tmp_path, "train")

    assert [(clip.id, clip.captions) for clip in found.clips] == [
        ("yard/-1.wav", ("A dog barks", "Rain falls")),
        ("gone.wav", ("Bells, far away",)),
    ]
    assert found.clips[0].path == tmp_path / "yard/-1.wav"
    assert found.clips[0].phrases == (GroundedPhrase("A dog barks", ((1.0, 2.5), (4.5, 6.0))),)
    assert found.missing == ("gone.wav",)


def test_one_table_and_a_folder_of_sounds_elsewhere(
    tmp_path: Path, place: Callable[..., None]
) -> None:
    (tmp_path / "mine.csv").write_text("caption,file\nA dog barks,dog.mp3\n")
    place("sounds", "dog.mp3")

    assert splits_of("own", tmp_path / "mine.csv") == ("mine",)
    found = read_captions("own", tmp_path / "mine.csv", "mine", audio_folder=tmp_path / "sounds")

    assert found.missing == ()
    assert found.clips[0].path == tmp_path / "sounds/dog.mp3"


def test_tables_of_a_folder_are_its_splits(tmp_path: Path) -> None:
    for name in ("train", "val"):
        (tmp_path / f"{name}.csv").write_text(TABLE)

    assert splits_of("own", tmp_path) == ("train", "val")


@pytest.mark.parametrize("times", ["1,", ",2", "2,1", "1,1", "-1,2", "a,b", "0,inf", "nan,1"])
def test_times_that_are_no_stretch_are_refused(tmp_path: Path, times: str) -> None:
    (tmp_path / "train.csv").write_text(f"file,caption,start_s,end_s\na.wav,Rain,{times}\n")

    with pytest.raises(TokenAlignError, match=r"train\.csv, line 2: .* is no stretch of time"):
        read_captions("own", tmp_path, "train")


def test_texts_beside_sounds_hold_a_caption_a_line(
    tmp_path: Path, place: Callable[..., None]
) -> None:
    place("yard", "dog.WAV", "v1.2.flac", "unnamed.wav")
    (tmp_path / "yard/dog.txt").write_bytes(b"\xef\xbb\xbfA dog barks\r\n\r\n Barking \r\n")
    (tmp_path / "yard/v1.2.txt").write_text("Rain")
    (tmp_path / "gone.txt").write_text("Bells")

    assert splits_of("own", tmp_path) == ("all",)
    found = read_captions("own", tmp_path, "all")

    assert {clip.id: clip.captions for clip in found.clips} == {
        "gone": ("Bells",),
        "yard/dog": ("A dog barks", "Barking"),
        "yard/v1.2": ("Rain",),
    }
    assert found.missing == ("gone",)
    assert [clip.path.name for clip in found.with_audio] == ["dog.WAV", "v1.2.flac"]
    assert found.notes == ("sounds without a text of the same name, left out: 1",)


@pytest.mark.parametrize(
    ("content", "said"), [(b" \n", "holds no caption"), (b"caf\xe9", "not UTF-8 text")]
)
def test_a_text_without_captions_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)

    with pytest.raises(TokenAlignError, match=rf"a\.txt: {said}"):
        read_captions("own", tmp_path, "all")
