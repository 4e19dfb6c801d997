"""The table: seeds put together and cells written, by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tokenalign.metrics.bootstrap import Interval
from trainer.bench.costs import Costs, mean_costs
from trainer.bench.figures import FIGURES, Figure, decoded_once, over_seeds
from trainer.bench.measured import Measured, Result, read_measured, result
from trainer.bench.table import FINDING, HEARING, json_table, markdown_table, text_table
from trainer.bench.trials import Budget, Trial

ONE = {name: Interval(50.0, 40.0, 58.0) for name in FIGURES}
TWO = ONE | {"t2a R@10": Interval(70.0, 64.0, 76.0)}
CHEAP, DEAR = Costs(1.5e6, 60.0, 12.0, 0.5), Costs(1.5e6, 80.0, 14.0, 0.7)
MAIN, OTHER = Trial("main", "the main row"), Trial("a", "another")


@pytest.fixture
def results() -> list[Result]:
    return [
        result(MAIN, [Measured(ONE, CHEAP), Measured(TWO, DEAR)]),
        result(OTHER, [Measured(ONE, CHEAP)]),
    ]


def test_over_seeds_by_hand() -> None:
    found = over_seeds([ONE, TWO])

    assert found["t2a R@10"] == Figure(60.0, 52.0, 67.0, (50.0, 70.0))
    assert found["pointing"] == Figure(50.0, 40.0, 58.0, (50.0, 50.0))
    assert over_seeds([ONE])["pointing"].seeds == (50.0,)


def test_costs_are_the_mean_of_runs() -> None:
    assert mean_costs([CHEAP, DEAR]) == pytest.approx(Costs(1.5e6, 70.0, 13.0, 0.6))


def test_what_was_measured_is_read_as_written(tmp_path: Path) -> None:
    Measured(TWO, DEAR).write(tmp_path / "figures.json")

    assert read_measured(tmp_path / "figures.json") == Measured(TWO, DEAR)
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


def test_every_figure_has_its_column() -> None:
    assert (*FINDING, *HEARING) == FIGURES


def test_text_by_hand(results: list[Result]) -> None:
    finding, hearing, costs, notes = (
        part.splitlines() for part in text_table(results).rstrip("\n").split("\n\n")
    )

    head, main, other = finding
    assert head.split()[:4] == ["runs", "t2a", "R@10", "mAP@10"]
    assert main.split()[:4] == ["main", "2", "60.0±7.5", "50.0±9.0"]
    assert other.split()[:4] == ["a", "1", "50.0±9.0", "50.0±9.0"]
    assert main.index("60.0±7.5") == head.index("t2a R@10")
    assert len(main) == len(other)
    assert hearing[0].split()[:3] == ["runs", "AUROC", "pointing"]
    assert costs[1].split() == ["main", "1.50", "70", "13", "0.6"]
    assert notes == ["main  the main row", "a     another"]


def test_markdown_by_hand(results: list[Result]) -> None:
    finding, hearing, costs, notes = (
        part.splitlines() for part in markdown_table(results).split("\n\n")
    )

    head, rule, main, other = finding
    assert head.startswith("|  | runs | t2a R@10 | t2a mAP@10 |")
    assert rule.count("|") == head.count("|") == main.count("|")
    assert main.startswith("| main | 2 | 60.0 (52.0 to 67.0) | 50.0 (40.0 to 58.0)")
    assert other.startswith("| a | 1 | 50.0 (40.0 to 58.0) |")
    assert len(hearing) == 4
    assert notes == ["* `main`: the main row", "* `a`: another"]
    assert costs[3] == "| a | 1.50 | 60 | 12 | 0.5 |"


def test_json_has_each_seed(results: list[Result]) -> None:
    table = json.loads(json_table(results, Budget(steps=9, batch=8)))

    assert (table["steps"], table["batch"]) == (9, 8)
    assert [row["name"] for row in table["rows"]] == ["main", "a"]
    figure = table["rows"][0]["figures"]["t2a R@10"]
    assert figure == {"value": 60.0, "low": 52.0, "high": 67.0, "seeds": [50.0, 70.0]}
    assert table["rows"][1]["costs"]["score_ms"] == 0.5


def test_a_recording_is_decoded_once() -> None:
    calls: list[str] = []

    def decode() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        calls.append("decoded")
        return np.ones(3, np.float32)

    sounds = decoded_once({"dog": [decode], "cat": [decode]})
    for _ in range(3):
        assert sounds["dog"][0]().sum() == 3.0

    assert calls == ["decoded"]
