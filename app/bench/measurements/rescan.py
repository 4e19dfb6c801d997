"""Looking at an unchanged library again, against its first index."""

from __future__ import annotations

from statistics import median

from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS
from app.bench.workplace import Workplace

GOAL = Goal(ratio=200)


class Rescan:
    """The peer is our own first index of the same files."""

    key = "rescan"

    def row(self, workplace: Workplace) -> Row:
        """Seconds."""
        first = workplace.indexed.first
        again = [workplace.index_again() for _ in range(RUNS)]
        assert all(report.indexed == 0 for report in again)
        return compared(
            f"scan of {first.indexed:,} unchanged files, s",
            ours=median(report.elapsed_s for report in again),
            peer=first.elapsed_s,
            goal=GOAL,
            note="the peer is the first index of the same files",
        )
