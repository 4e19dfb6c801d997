"""The figure that says how well the parser reads captions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenalign.query.agreement import Labelled, agreement, main, read_labels

HERE = Path(__file__).parent


def test_counts_by_hand() -> None:
    right = Labelled("rain then wind", (("rain", "first", 0), ("wind", "then", 1)))
    other_relation = Labelled("rain and wind", (("rain", "first", 0), ("wind", "while", 0)))
    other_rank = Labelled("rain then hail", (("rain", "first", 0), ("hail", "then", 2)))
    other_phrase = Labelled("rain", (("rainfall", "first", 0),))
    result = agreement([right, other_relation, other_rank, other_phrase])
    assert (result.captions, result.phrases, result.relations) == (4, 3, 1)
    assert [one for one, _ in result.others] == [other_relation, other_rank, other_phrase]


def test_the_command_prints_both_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"caption": "rain", "phrases": [{"text": "rain", "relation": "first", "rank": 0}]},
        {"caption": "wind", "phrases": [{"text": "wind", "relation": "while", "rank": 0}]},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    main([str(path)])
    printed = capsys.readouterr().out
    assert "labels.jsonl: 2 captions" in printed
    assert "phrases agree in 100.0%, phrases and relations in 50.0%" in printed
    assert "'wind'" in printed
    assert "'rain'" not in printed


@pytest.mark.parametrize(
    ("name", "captions", "least"),
    [
        ("audiocaps_train.jsonl", 100, 100),
        ("audiocaps_val.jsonl", 100, 97),
        ("own.jsonl", 171, 171),
    ],
)
def test_agreement_does_not_fall(name: str, captions: int, least: int) -> None:
    result = agreement(read_labels(HERE / name))
    assert result.captions == captions
    assert result.relations >= least


@pytest.mark.parametrize("path", sorted(HERE.glob("*.jsonl")), ids=lambda path: path.name)
def test_labels_are_slices_of_their_captions(path: Path) -> None:
    for one in read_labels(path):
        assert all(text in one.caption for text, _, _ in one.labels), one.caption
