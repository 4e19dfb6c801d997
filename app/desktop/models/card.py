"""Model cards made short enough to be laid out at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tokenalign.bundle import CARD

LONGEST_TABLE = 40
"""Lines of a table that is shown whole."""

LINES_OF_LONGER = 12
"""Lines shown of a longer one: the credits of a thousand recordings take seconds to lay out."""

WHOLE = f"{CARD} in the bundle's folder"

MOST_LINES = 400
LONGEST_LINE = 4000


def shortened(card: str) -> str:
    """A card, markdown, with long tables cut; it says so where something is left out."""
    lines = list(_shortened_tables(card.splitlines()))
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "", f"*More in {WHOLE}*"]
    return "\n".join(line[:LONGEST_LINE] for line in lines) + "\n"


def _shortened_tables(lines: list[str]) -> Iterator[str]:
    for is_table, block in groupby(lines, key=lambda line: line.lstrip().startswith("|")):
        rows = list(block)
        if not is_table or len(rows) <= LONGEST_TABLE:
            yield from rows
            continue
        yield from rows[:LINES_OF_LONGER]
        yield ""
        yield f"*{len(rows) - LINES_OF_LONGER:,} more rows in {WHOLE}*"
