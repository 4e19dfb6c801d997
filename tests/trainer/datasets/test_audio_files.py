"""Names in tables, and the files that they mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trainer.datasets.audio_files import AudioFiles, without_suffix
from trainer.datasets.values import CaptionedClip


@pytest.mark.parametrize(
    ("listed", "on_disk"),
    [
        ("rain.wav", "rain.wav"),
        ("rain.wav", "rain.flac"),
        ("rain", "rain.OGG"),
        (" rain .wav ", "rain.wav"),
        ("rain.wav", "rain .wav"),
        ("9:30 bus?.wav", "9_30 bus_.wav"),
        ("caf\u00e9.wav", "cafe\u0301.wav"),
        ("take 1.2.wav", "take 1.2.flac"),
        ("-Aa_0bCdEf1_30", "-Aa_0bCdEf1_30.flac"),
    ],
)
def test_a_name_finds_its_file(
    place: Callable[..., None], tmp_path: Path, listed: str, on_disk: str
) -> None:
    place("deep/er", on_disk, "other.wav")

    assert AudioFiles(tmp_path).path_of(listed) == tmp_path / "deep/er" / on_disk


def test_the_exact_name_goes_before_one_that_is_like_it(
    place: Callable[..., None], tmp_path: Path
) -> None:
    place("a", "rain.flac")
    place("b", "rain.wav")

    assert AudioFiles(tmp_path).path_of("rain.wav") == tmp_path / "b" / "rain.wav"


def test_names_are_tried_in_their_order(place: Callable[..., None], tmp_path: Path) -> None:
    place(".", "second.wav", "third.wav")

    assert AudioFiles(tmp_path).path_of("first", "second", "third") == tmp_path / "second.wav"
    assert AudioFiles(tmp_path).path_of("no.wav", "nor this.wav") == tmp_path / "no.wav"


def test_texts_and_hidden_files_are_no_sounds(place: Callable[..., None], tmp_path: Path) -> None:
    place(".", "rain.txt", ".rain.wav")

    clip = CaptionedClip("1", AudioFiles(tmp_path).path_of("rain"), ("rain falls",))

    assert AudioFiles(tmp_path).missing([clip]) == ("1",)


def test_only_folders_of_the_given_names_are_looked_into(
    place: Callable[..., None], tmp_path: Path
) -> None:
    place("development/development", "1.wav")
    place("development/evaluation", "1.wav", "2.wav")
    folder = tmp_path / "development"

    files = AudioFiles(folder, below=["development"])

    assert files.path_of("1.wav") == folder / "development" / "1.wav"
    assert files.path_of("2.wav") == folder / "2.wav"


def test_a_folder_that_has_the_name_itself_is_looked_into(
    place: Callable[..., None], tmp_path: Path
) -> None:
    place("evaluation/part", "1.wav")

    files = AudioFiles(tmp_path / "evaluation", below=["evaluation"])

    assert files.path_of("1.wav") == tmp_path / "evaluation/part/1.wav"


def test_a_folder_elsewhere_is_reached_by_its_link(
    place: Callable[..., None], tmp_path: Path
) -> None:
    place("disk", "1.wav")
    place("set")
    (tmp_path / "set" / "evaluation").symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "round").symlink_to(tmp_path / "set")

    files = AudioFiles(tmp_path / "set", below=["evaluation"])

    assert files.path_of("1.wav") == tmp_path / "set/evaluation/1.wav"


@pytest.mark.parametrize(
    ("name", "bare"),
    [("a.b.wav", "a.b"), ("a .FLAC ", "a"), ("v1.2", "v1.2"), ("-x_0", "-x_0"), (" 7 ", "7")],
)
def test_only_audio_endings_are_cut(name: str, bare: str) -> None:
    assert without_suffix(name) == bare
