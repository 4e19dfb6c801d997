"""The JSON of a result holds the contract's keys, and is valid whatever a name holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from tokenalign.grounding import PhraseGrounding, Segment
from tokenalign.labels.shape import json_text, result_shape
from tokenalign.query.types import Relation


def test_a_result_has_the_keys_of_the_contract() -> None:
    phrase = PhraseGrounding(
        text="rain",
        relation=Relation.THEN,
        start_char=0,
        end_char=4,
        score=0.25,
        found=True,
        segments=(Segment(start_s=0.1600001, end_s=0.32, score=0.5),),
        frame_scores=np.zeros(2, dtype=np.float32),
        frame_edges_s=np.array([0.0, 0.16, 0.32]),
    )

    result = result_shape(path=Path("a.wav"), start_s=0.0, end_s=0.32, score=0.75, phrases=[phrase])

    assert json.loads(json_text(result)) == {
        "path": "a.wav",
        "start_s": 0.0,
        "end_s": 0.32,
        "score": 0.75,
        "phrases": [
            {
                "text": "rain",
                "relation": "then",
                "score": 0.25,
                "found": True,
                "segments": [{"start_s": 0.16, "end_s": 0.32, "score": 0.5}],
            }
        ],
    }


def test_numpy_numbers_become_json_numbers() -> None:
    result = result_shape(
        path=Path("a.wav"),
        start_s=np.float64(1.0),
        end_s=np.float64(2.0),
        score=np.float32(0.1),  # type: ignore[arg-type]  # float32 is no float, and comes all the same
        phrases=[],
    )

    assert json.loads(json_text(result))["score"] == 0.1


def test_a_name_that_is_not_utf8_gives_json_that_every_parser_takes() -> None:
    text = json_text({"path": os.fsdecode(b"caf\xe9.wav")})

    assert json.loads(text) == {"path": "caf\ufffd.wav"}
    assert "\\ud" not in text.lower()


@pytest.mark.parametrize(
    "hostile", ["\x1b[31mred", "\x9b31m", "\u202egnp.wav", "line\nbreak", "\x7f"]
)
def test_json_holds_no_character_that_a_terminal_acts_on(hostile: str) -> None:
    text = json_text([hostile])

    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text) == [hostile]


def test_characters_beyond_the_basic_plane_survive() -> None:
    assert json.loads(json_text("🎺")) == "🎺"


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))
