"""Tables and lists as text, and what is said of broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets.tables import UTF8_OR_LATIN1, Row, read_items, read_json, read_rows

COLUMNS = ("id", "caption")


def test_quoted_commas_newlines_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(
        b'\xef\xbb\xbfid, caption\r\n007,"rain, then\nthunder"\r\n\r\n7,"a ""beep"""\r\n'
    )

    rows = read_rows(table, COLUMNS)

    assert [row.values for row in rows] == [
        {"id": "007", "caption": "rain, then\nthunder"},
        {"id": "7", "caption": 'a "beep"'},
    ]
    assert rows[1].place == f"{table}, line 5"


def test_latin1_is_read_where_it_is_allowed(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes("id,caption\n1,caf\u00e9\n".encode("iso-8859-1"))

    assert read_rows(table, COLUMNS, encodings=UTF8_OR_LATIN1)[0].text("caption") == "caf\u00e9"
    with pytest.raises(TokenAlignError, match=r"t\.csv, line 2: not UTF-8 text"):
        read_rows(table, COLUMNS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", r"line 1: no column 'id'"),
        ("id,text\n", r"line 1: no column 'caption'"),
        ("id,caption\n1,rain\n2,rain, then hail\n", r"line 3: 3 fields, but the header has 2"),
        ("id,caption\n1\n", r"line 2: 1 fields, but the header has 2"),
        ('id,caption\n1,"rain\n', r"line 2: unexpected end of data"),
    ],
)
def test_a_broken_table_is_named_by_its_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "t.csv").write_text(content)

    with pytest.raises(TokenAlignError, match=said) as failure:
        read_rows(tmp_path / "t.csv", COLUMNS)

    assert failure.value.hint


@pytest.mark.parametrize("value", ["", "  ", None, 1.5, ["rain"]])
def test_a_value_that_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(TokenAlignError, match="here: no caption"):
        Row("here", {"caption": value}).text("caption")


def test_ids_stay_text() -> None:
    assert Row("here", {"id": " 007 "}).text("id") == "007"
    assert Row("here", {"id": 7}).text("id") == "7"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("version https://git-lfs.github.com/spec/v1\n", "line 1: not JSON"),
        ('{"data": {}}', "does not hold an object with a list 'data'"),
        ("[]", "does not hold an object with a list 'data'"),
        ('{"data": [{}, 3]}', "item 2: not an object"),
    ],
)
def test_a_broken_list_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "t.json").write_text(content)

    with pytest.raises(TokenAlignError, match=said) as failure:
        read_items(tmp_path / "t.json", "data")

    assert failure.value.hint


def test_items_know_their_place(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"id": 1}, {"id": 2}]')

    assert [row.place for row in read_items(path)] == [f"{path}, item 1", f"{path}, item 2"]


@pytest.mark.parametrize("read", [read_json, lambda path: read_rows(path, COLUMNS)])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    with pytest.raises(TokenAlignError, match=r"gone: No such file"):
        read(tmp_path / "gone")
