"""Tables and lists of data sets as text: nothing is guessed, what is wrong is named by its place.

Ids stay text: as numbers, ``007`` and ``7`` would be one clip.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenalign.errors import TokenAlignError

if TYPE_CHECKING:
    from _csv import Reader

UTF8 = ("utf-8-sig",)
UTF8_OR_LATIN1 = ("utf-8-sig", "iso-8859-1")
"""ISO-8859-1 decodes any bytes, so it comes last."""


@dataclass(frozen=True)
class Row:
    """A row or item, and where it stands."""

    place: str
    values: Mapping[str, Any]

    def text(self, column: str) -> str:
        """A value without the spaces around it; it must not be empty."""
        value = self.values.get(column)
        if not isinstance(value, str | int) or not str(value).strip():
            raise self.wrong(f"no {column}", "fill it in, or take the row out")
        return str(value).strip()

    def wrong(self, what: str, remedy: str) -> TokenAlignError:
        """The error to raise about this row."""
        return TokenAlignError(f"{self.place}: {what}", remedy)


def read_rows(table: Path, columns: Sequence[str], *, encodings: Sequence[str] = UTF8) -> list[Row]:
    """The rows of a CSV table with a header.

    Args:
        table: the file.
        columns: those it must have.
        encodings: tried in this order.

    Raises:
        TokenAlignError: no such file, not of these encodings, a column is missing, or a row has
            more or fewer fields than the header; it names the line.
    """
    lines = csv.reader(io.StringIO(_decoded(table, encodings), newline=""), strict=True)
    header = [name.strip() for name in _next(table, lines) or ()]
    absent = [column for column in columns if column not in header]
    if absent:
        raise TokenAlignError(
            f"{table}, line 1: no column {absent[0]!r}",
            f"its header must name {','.join(columns)}; it is {','.join(header)!r}",
        )
    return list(_checked(table, header, lines))


def _checked(table: Path, header: list[str], lines: Reader) -> Iterator[Row]:
    """Rows that have as many fields as the header, without empty lines."""
    line = lines.line_num + 1
    while (fields := _next(table, lines)) is not None:
        if fields and len(fields) != len(header):
            raise TokenAlignError(
                f"{table}, line {line}: {len(fields)} fields, but the header has {len(header)}",
                "put captions and names that hold commas in double quotes",
            )
        if fields:
            yield Row(f"{table}, line {line}", dict(zip(header, fields, strict=True)))
        line = lines.line_num + 1


def _next(table: Path, lines: Reader) -> list[str] | None:
    """The fields of the next row; None at the end."""
    line = lines.line_num + 1  # a quoted field can hold further lines
    try:
        return next(lines, None)
    except csv.Error as wrong:
        raise TokenAlignError(
            f"{table}, line {line}: {wrong}",
            'close every double quote, and write one in a text as ""',
        ) from wrong


def read_items(path: Path, key: str = "") -> list[Row]:
    """The objects of a JSON list, or of the list under a key of a JSON object."""
    found = read_json(path)
    if key:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        wanted = f"an object with a list {key!r}" if key else "a list"
        raise TokenAlignError(f"{path}: does not hold {wanted}", "download the file again")
    return list(rows_of(found, f"{path}, item"))


def rows_of(found: Sequence[Any], place: str) -> Iterator[Row]:
    """JSON objects as rows, counted from 1."""
    for number, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            raise TokenAlignError(f"{place} {number}: not an object", "download the file again")
        yield Row(f"{place} {number}", item)


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        TokenAlignError: no such file, or not JSON; it names the line.
    """
    try:
        return json.loads(_decoded(path, UTF8))
    except json.JSONDecodeError as wrong:
        raise TokenAlignError(
            f"{path}, line {wrong.lineno}: not JSON ({wrong.msg})",
            "download the file again; one that begins with `version https://git-lfs` is a "
            "placeholder: fetch the file itself with git lfs pull",
        ) from wrong


def _decoded(path: Path, encodings: Sequence[str]) -> str:
    try:
        content = path.read_bytes()
    except OSError as wrong:
        raise TokenAlignError(
            f"{path}: {wrong.strerror}", "check the path, and that you may read it"
        ) from wrong
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as wrong:
            line = content.count(b"\n", 0, wrong.start) + 1
    raise TokenAlignError(f"{path}, line {line}: not UTF-8 text", "save the file as UTF-8")
