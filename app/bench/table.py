"""The rows as people read them, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from app.bench.rows import Row

HEADINGS = ("", "ours", "peer", "ratio", "goal", "")


def bench_shape(rows: Sequence[Row], about: Mapping[str, str]) -> dict[str, object]:
    """What ``bench --json`` prints: the rows, and what they were measured on."""
    return {"rows": [asdict(row) for row in rows], "about": dict(about)}


def table_lines(rows: Iterable[Row], about: Mapping[str, str]) -> Iterator[str]:
    """A table with aligned columns, each row's note below it, and what it was measured on."""
    lines = [(row, _cells(row)) for row in rows]
    columns = zip(HEADINGS, *(cells for _, cells in lines), strict=True)
    widths = [max(map(len, column)) for column in columns]
    yield _line(HEADINGS, widths)
    for row, cells in lines:
        yield _line(cells, widths)
        if row.note:
            yield f"    {row.note}"
    yield ""
    yield from (f"{name}: {value}" for name, value in about.items())


def figure(value: float | None) -> str:
    """A number with three digits that count, or a dash."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "-" if row.ratio is None else f"{figure(row.ratio)}x"
    verdict = "reached" if row.reached else "not measured" if row.peer is None else "missed"
    return (row.name, figure(row.ours), figure(row.peer), ratio, row.goal, verdict)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The first column and the last two to the left, numbers to the right."""
    name, *numbers, goal, verdict = cells
    right = [number.rjust(width) for number, width in zip(numbers, widths[1:4], strict=True)]
    return "  ".join([name.ljust(widths[0]), *right, goal.ljust(widths[4]), verdict]).rstrip()
