from __future__ import annotations

from app.desktop.models.card import (
    LINES_OF_LONGER,
    LONGEST_LINE,
    LONGEST_TABLE,
    MOST_LINES,
    shortened,
)


def table(rows: int) -> str:
    """A table with so many lines, heading and rule among them."""
    return "\n".join(["| file | author |", "| - | - |", *(f"| {n} | x |" for n in range(rows - 2))])


def test_a_short_card_stays_as_it_is() -> None:
    card = f"# Title\n\ntext\n\n{table(LONGEST_TABLE)}\n\nend\n"
    assert shortened(card) == card


def test_a_long_table_is_cut_and_says_so() -> None:
    lines = shortened(f"before\n\n{table(1000)}\n\nafter\n").splitlines()
    shown = [line for line in lines if line.startswith("|")]
    assert shown == table(LINES_OF_LONGER).splitlines()
    assert f"*{1000 - LINES_OF_LONGER} more rows in README.md in the bundle's folder*" in lines
    assert lines[-1] == "after"


def test_each_table_is_cut_by_itself() -> None:
    lines = shortened(f"{table(3)}\n\nbetween\n\n{table(50)}").splitlines()
    assert sum(line.startswith("|") for line in lines) == 3 + LINES_OF_LONGER


def test_an_endless_card_is_cut() -> None:
    lines = shortened("line\n" * 100_000).splitlines()
    assert len(lines) == MOST_LINES + 2
    assert lines[-1] == "*More in README.md in the bundle's folder*"


def test_an_endless_line_is_cut() -> None:
    assert shortened("x" * 1_000_000) == "x" * LONGEST_LINE + "\n"
