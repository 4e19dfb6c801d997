"""Files of DCASE 2025: queries with the names of several right clips."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets.values import CaptionedClip
from trainer.evaluation.relevance import Query, read_relevance

CLIPS = [
    CaptionedClip("Caf\u00e9 9:30.wav", Path("a.wav"), ("people talk",)),
    CaptionedClip("rain.wav", Path("b.wav"), ("rain falls", "it rains")),
]


def written(tmp_path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "relevance.csv"
    path.write_text("\n".join(["query,audio_filenames", *rows]), encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_names_become_places(tmp_path: Path, encoding: str) -> None:
    table = written(
        tmp_path,
        "rain falls,\"['rain.wav ', 'Caf\u00e9 9:30.wav', 'rain.wav']\"",
        "people talk,['Caf\u00e9 9:30.wav']",
        encoding=encoding,
    )

    found = read_relevance(table, CLIPS)

    assert found.queries == (Query("rain falls", (1, 0)), Query("people talk", (0,)))
    assert found.notes == ()


def test_what_is_not_at_hand_is_told_by_count_and_name(tmp_path: Path) -> None:
    table = written(
        tmp_path,
        "it rains,\"['gone.wav', 'rain.wav']\"",
        "a bell,\"['gone.wav', 'lost.wav']\"",
        "a shower,['rain.wav']",
    )

    found = read_relevance(table, CLIPS)

    assert found.queries == (Query("it rains", (1,)), Query("a shower", (1,)))
    assert found.notes == (
        "2 clips it names are not at hand: gone.wav, lost.wav",
        "1 queries have no clip and are left out: a bell",
        "2 queries are no caption of these clips: a bell, a shower",
    )


@pytest.mark.parametrize("names", ["rain.wav", "[1]", "\"['rain.wav'\"", "'rain.wav'"])
def test_what_is_no_list_of_names_is_an_error(tmp_path: Path, names: str) -> None:
    table = written(tmp_path, f"it rains,{names}")

    with pytest.raises(TokenAlignError, match=r"line 2: audio_filenames is .*not a list of names"):
        read_relevance(table, CLIPS)


def test_a_file_of_another_split_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="no query has a clip that is at hand"):
        read_relevance(written(tmp_path, "it rains,['other.wav']"), CLIPS)
