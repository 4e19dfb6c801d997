"""Clotho v2.1 in the published form."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import read_captions, splits_of

CAPTIONS = [f"caption_{number}" for number in range(1, 6)]


@pytest.fixture
def clotho(tmp_path: Path, place: Callable[..., None]) -> Path:
    """A development split of four clips and an evaluation split of one, with the same name."""
    development = ["Caf\u00e9 9:30.wav", "rain on tin .wav ", "gone.wav", "same.wav"]
    _write_captions(tmp_path, "development", development)
    _write_captions(tmp_path, "evaluation", ["same.wav"])
    with (tmp_path / "clotho_metadata_development.csv").open(
        "w", newline="", encoding="iso-8859-1"
    ) as table:
        table.write("file_name,keywords,sound_id,sound_link,")
        table.write("start_end_samples,manufacturer,license\r\n")
        writer = csv.writer(table)
        numbers = ["007", "Not found", "8", "9"]
        for name, number in zip(development, numbers, strict=True):
            writer.writerow([name.strip(), "caf\u00e9;rain", number, "", "[0, 10]", "me", "CC0"])
    place("development", "Caf\u00e9 9_30.wav", "rain on tin.wav", "same.wav")
    place("evaluation", "same.wav", "gone.wav")
    return tmp_path


def _write_captions(folder: Path, split: str, names: list[str]) -> None:
    with (folder / f"clotho_captions_{split}.csv").open(
        "w", newline="", encoding="iso-8859-1"
    ) as table:
        writer = csv.writer(table)
        writer.writerow(["file_name", *CAPTIONS])
        for name in names:
            writer.writerow([name, *(f"Caption {number}, caf\u00e9. " for number in range(1, 6))])


def test_names_with_accents_colons_and_spaces_find_their_sounds(clotho: Path) -> None:
    found = read_captions("clotho", clotho, "development")

    assert [clip.id for clip in found.clips] == [
        "Caf\u00e9 9:30.wav",
        "rain on tin .wav",
        "gone.wav",
        "same.wav",
    ]
    assert [clip.path.name for clip in found.with_audio] == [
        "Caf\u00e9 9_30.wav",
        "rain on tin.wav",
        "same.wav",
    ]
    assert found.clips[0].captions == tuple(f"Caption {n}, caf\u00e9." for n in range(1, 6))


def test_missing_sounds_are_counted_and_named(clotho: Path) -> None:
    found = read_captions("clotho", clotho, "development")

    assert found.missing_report == "1 of 4 clips have no audio file: gone.wav"


def test_the_same_name_in_two_splits_is_two_files(clotho: Path) -> None:
    for split in ("development", "evaluation"):
        (clip,) = (c for c in read_captions("clotho", clotho, split).clips if c.id == "same.wav")
        assert clip.path == clotho / split / "same.wav"


def test_freesound_numbers_come_from_the_metadata(clotho: Path) -> None:
    development = read_captions("clotho", clotho, "development")
    evaluation = read_captions("clotho", clotho, "evaluation")

    assert [clip.source for clip in development.clips] == [
        "freesound:007",
        "",
        "freesound:8",
        "freesound:9",
    ]
    assert development.notes == ()
    assert evaluation.clips[0].source == ""
    assert "clotho_metadata_evaluation.csv is not there" in evaluation.notes[0]


def test_a_clip_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    _write_captions(tmp_path, "validation", ["a.wav", "b.wav", "a.wav "])

    with pytest.raises(TokenAlignError, match=r"validation\.csv, line 4: a\.wav stands in an ear"):
        read_captions("clotho", tmp_path, "validation")


def test_the_splits_are_those_with_captions(clotho: Path) -> None:
    assert splits_of("clotho", clotho) == ("development", "evaluation")
