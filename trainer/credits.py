"""Who made the recordings: the table that a model card credits them from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.errors import TokenAlignError
from trainer.datasets.tables import Row, read_rows
from trainer.recordings import Recording

TABLE = Path("meta") / "attribution.csv"
COLUMNS = ("filename", "title", "author", "license", "url")
MOST_NAMED = 3


@dataclass(frozen=True)
class Credit:
    """Of one recording."""

    filename: str
    title: str
    author: str
    licence: str
    url: str


def credits_of(esc50: Path, recordings: Sequence[Recording]) -> list[Credit]:
    """The credits of recordings, in the table's order.

    Args:
        esc50: the folder whose ``meta/attribution.csv`` credits them.
        recordings: that a bundle is, or will be, trained on.

    Raises:
        TokenAlignError: there is no table, a column or a value is missing in it, or it has no row
            for some of the recordings, which are named.
    """
    table = esc50 / TABLE
    if not table.is_file():
        raise TokenAlignError(
            f"{table}: not found, so nobody could be credited",
            f"write it, a row for each recording, with the columns {','.join(COLUMNS)}",
        )
    used = {recording.path.name for recording in recordings}
    rows = [row for row in read_rows(table, COLUMNS) if row.values["filename"] in used]
    missing = sorted(used - {row.values["filename"] for row in rows})
    if missing:
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        raise TokenAlignError(
            f"{table}: nobody is credited for {', '.join(missing[:MOST_NAMED])}{more}",
            "add a row for each, or take the recordings out of esc50.csv",
        )
    return [_credit(row) for row in rows]


def _credit(row: Row) -> Credit:
    filename, title, author, licence, url = (row.text(column) for column in COLUMNS)
    return Credit(filename, title, author, licence, url)
