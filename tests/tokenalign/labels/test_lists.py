"""Lists name every moment, best first, with what each phrase has there."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.labels import write_list
from tokenalign.query.types import Relation

EDGES_S = np.array([0.0, 10.0])
NO_TOKENS = np.zeros((0, 1), dtype=np.float32)
NOBODY = np.zeros(1, dtype=np.float32)


@dataclass(frozen=True)
class Moment:
    start_s: float
    end_s: float
    score: float
    grounding: Grounding


@dataclass(frozen=True)
class Sound:
    path: Path
    start_s: float
    end_s: float
    score: float | None
    phrases: Sequence[PhraseGrounding] = ()
    moments: Sequence[Moment] = ()


def phrases(*barks: tuple[float, float], thunder: bool = False) -> tuple[PhraseGrounding, ...]:
    """A dog where it is said to bark, and thunder that is not wanted."""
    heard = tuple(Segment(start_s, end_s, 0.9) for start_s, end_s in barks)
    return (
        PhraseGrounding("=a  dog", Relation.FIRST, 0, 7, 0.9, bool(barks), heard, NOBODY, EDGES_S),
        PhraseGrounding("thunder", Relation.WITHOUT, 8, 15, 0.1, thunder, (), NOBODY, EDGES_S),
    )


def moment(start_s: float, end_s: float, score: float) -> Moment:
    found = Grounding("", score, phrases((start_s, end_s)), (), NO_TOKENS, EDGES_S)
    return Moment(start_s, end_s, score, found)


YARD = Sound(
    Path("/sounds/yard.wav"),
    start_s=0.5,
    end_s=9.5,
    score=0.78125,
    phrases=phrases((0.5, 2.0), (4.25, 9.5)),
    moments=(moment(20.0, 21.5, 0.25),),
)
STREET = Sound(Path("+street.wav"), start_s=0.0, end_s=3.0, score=0.5, phrases=phrases())


def test_a_table_has_a_row_for_each_moment_and_a_column_for_each_phrase(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    write_list(target, [YARD, STREET], query="=a dog, without thunder")
    assert list(csv.reader(target.read_text().splitlines())) == [
        ["rank", "path", "start_s", "end_s", "score", "'=a dog", "without thunder"],
        ["1", "/sounds/yard.wav", "0.500", "9.500", "0.7812", "0.500-2.000 4.250-9.500", ""],
        ["1", "/sounds/yard.wav", "20.000", "21.500", "0.2500", "20.000-21.500", ""],
        ["2", "'+street.wav", "0.000", "3.000", "0.5000", "", ""],
    ]


def test_json_has_the_query_and_the_results_as_the_terminal_prints_them(tmp_path: Path) -> None:
    target = tmp_path / "list.JSON"
    write_list(target, [YARD], query="a dog")
    told = json.loads(target.read_text())
    assert told["query"] == "a dog"
    assert [(one["rank"], one["start_s"], one["score"]) for one in told["results"]] == [
        (1, 0.5, 0.78125),
        (1, 20.0, 0.25),
    ]
    assert told["results"][0]["phrases"][0]["segments"][1] == {
        "start_s": 4.25,
        "end_s": 9.5,
        "score": 0.9,
    }


def test_sounds_that_nothing_was_asked_of_have_no_score(tmp_path: Path) -> None:
    sound = Sound(Path("/sounds/rain.wav"), start_s=0.0, end_s=60.0, score=None)
    write_list(tmp_path / "list.csv", [sound])
    write_list(tmp_path / "list.json", [sound])
    assert (tmp_path / "list.csv").read_text().splitlines() == [
        "rank,path,start_s,end_s,score",
        "1,/sounds/rain.wav,0.000,60.000,",
    ]
    assert json.loads((tmp_path / "list.json").read_text())["results"] == [
        {"rank": 1, "path": "/sounds/rain.wav", "start_s": 0.0, "end_s": 60.0}
    ]


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError) as refused:
        write_list(tmp_path / "list.doc", [YARD])
    assert "list.doc" in refused.value.message
    assert ".csv, .json" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_nothing_is_a_table_with_its_titles(tmp_path: Path) -> None:
    write_list(tmp_path / "list.csv", [])
    assert (tmp_path / "list.csv").read_bytes() == b"rank,path,start_s,end_s,score\r\n"
