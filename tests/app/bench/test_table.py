from __future__ import annotations

import json

from app.bench.machine import about_machine
from app.bench.rows import Row
from app.bench.table import bench_shape, figure, table_lines
from tokenalign.labels import json_text

ROWS = [
    Row("files per second", 52.345, 3.4, 15.4, "≥ 15x", True, "84 files"),
    Row("query, ms", 1234.5, 98765.4, 80.0, "≤ 100 ms", False),
    Row("Sinkhorn, ms", None, None, None, "≥ 1x", False, "ot is not installed"),
]


def test_the_table_for_people() -> None:
    assert list(table_lines(ROWS, {"cores": "2"})) == [
        "                   ours    peer  ratio  goal",
        "files per second   52.3     3.4  15.4x  ≥ 15x     reached",
        "    84 files",
        "query, ms         1,234  98,765    80x  ≤ 100 ms  missed",
        "Sinkhorn, ms          -       -      -  ≥ 1x      not measured",
        "    ot is not installed",
        "",
        "cores: 2",
    ]


def test_the_shape_of_the_contract() -> None:
    shape = json.loads(json_text(bench_shape(ROWS, {"cores": "2"})))

    first, _, last = shape["rows"]
    assert first == {
        "name": "files per second",
        "ours": 52.345,
        "peer": 3.4,
        "ratio": 15.4,
        "goal": "≥ 15x",
        "reached": True,
        "note": "84 files",
    }
    assert (last["ours"], last["peer"], last["ratio"], last["reached"]) == (None, None, None, False)
    assert shape["about"] == {"cores": "2"}


def test_figures_have_three_digits_that_count() -> None:
    values = (0.00725, 0.5, 1.0, 12.34, 123.4, 12345.6, None)
    assert [figure(value) for value in values] == [
        "0.00725", "0.5", "1", "12.3", "123", "12,346", "-",
    ]  # fmt: skip


def test_the_machine_is_named_with_versions() -> None:
    about = about_machine()

    assert about["processor"]
    assert int(about["cores"]) >= 1
    assert "numpy 2" in about["versions"]
