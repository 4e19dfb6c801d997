"""How many sounds there are to see, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from app.desktop.models.sounds import SoundRow
from app.plain import counted


def tally(rows: Sequence[SoundRow], *, total: int, limit: int) -> str:
    """``2 of 107 match, 9 in part``, or ``best 200 of 10,412`` where there may be more that match.

    Args:
        rows: what was found.
        total: sounds that pass the filters.
        limit: rows that were asked for at the most.
    """
    matching = sum(row.matches for row in rows)
    if len(rows) >= limit and matching == len(rows) < total:
        return f"best {len(rows):,} of {total:,}"
    if any(row.phrases for row in rows):
        wholly = sum(row.matches_all for row in rows)
        partly = sum(row.matches and not row.matches_all for row in rows)
        return f"{wholly:,} of {total:,} match" + (f", {partly:,} in part" if partly else "")
    return counted(len(rows), "sound")
