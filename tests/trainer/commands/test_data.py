"""The command that checks a data set before a run is spent on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.main import main

HEADER = "audiocap_id,youtube_id,start_time,caption\n"


@pytest.fixture
def audiocaps(tmp_path: Path) -> Path:
    """Two splits that share a video; one sound of three is there."""
    (tmp_path / "train.csv").write_text(
        HEADER + "1,-Aa_0bCdEf1,30,A dog barks\n2,UDGBjjwyaqE,20,A bell rings twice\n"
    )
    (tmp_path / "val.csv").write_text(HEADER + "3,-Aa_0bCdEf1,130,Rain\n4,-Aa_0bCdEf1,130,Rain\n")
    (tmp_path / "-Aa_0bCdEf1_30.flac").touch()
    return tmp_path


def test_counts_missing_sounds_and_leaks_are_told(
    audiocaps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "audiocaps", str(audiocaps)]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "audiocaps train: 2 clips, 2 captions",
        "  captions a clip: 1",
        "  words a caption: 3 to 4, median 3.5",
        "  1 of 2 clips have no audio file: UDGBjjwyaqE_20",
        "audiocaps val: 1 clips, 2 captions",
        "  captions a clip: 2",
        "  words a caption: 1",
        "  1 of 1 clips have no audio file: -Aa_0bCdEf1_130",
        "sounds in train and in val: 1 (youtube:-Aa_0bCdEf1)",
    ]


def test_one_split_is_compared_with_none(
    audiocaps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "audiocaps", str(audiocaps), "--split", "train"]) == 0

    told = capsys.readouterr().out
    assert "audiocaps train: 2 clips" in told
    assert "val" not in told
    assert "two splits" not in told


def test_json_holds_every_name(audiocaps: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sounds = audiocaps / "elsewhere"
    sounds.mkdir()
    (sounds / "YUDGBjjwyaqE.wav").touch()

    assert main(["data", "audiocaps", str(audiocaps), "--audio", str(sounds), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [split["missing"] for split in found["splits"]] == [
        ["-Aa_0bCdEf1_30"],
        ["-Aa_0bCdEf1_130"],
    ]
    assert found["leaks"] == [
        {"first": "train", "second": "val", "origins": ["youtube:-Aa_0bCdEf1"]}
    ]


def test_notes_and_grounded_phrases_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.csv").write_text("file,caption,start_s,end_s\na.wav,Rain,1,2\n")
    (tmp_path / "a.wav").touch()

    assert main(["data", "own", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "phrases with times: 1" in told
    assert "all clips have their audio" in told

    (tmp_path / "mine.csv").unlink()
    (tmp_path / "b.txt").write_text("Bells")
    assert main(["data", "own", str(tmp_path)]) == 0
    assert "note: sounds without a text of the same name, left out: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["audiocap", "."], 1, "hint: did you mean 'audiocaps'?"),
        (["clotho", "."], 1, "holds no tables of clotho"),
        (["audiocaps", ".", "--split", "vla"], 1, "hint: did you mean 'val'?"),
        (["audiocaps", "no such folder"], 2, "does not exist"),
    ],
)
def test_what_goes_wrong_is_said(
    audiocaps: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str,
) -> None:
    monkeypatch.chdir(audiocaps)

    assert main(["data", *arguments]) == status

    assert told in capsys.readouterr().err
