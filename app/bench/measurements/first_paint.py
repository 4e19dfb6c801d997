"""From the start of the program to the first picture of its window."""

from __future__ import annotations

from statistics import median

from app.bench.cores import CORES
from app.bench.peers import answered_s, child
from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS
from app.bench.workplace import Workplace

GOAL = Goal(most=1.0, unit="s")


class FirstPaint:
    """Our window, drawn offscreen, against a Qt window with nothing in it."""

    key = "first-paint"

    def row(self, workplace: Workplace) -> Row:
        """Seconds, both by turns."""
        library = {"data_dir": str(workplace.mixed_dir), "bundle": workplace.bundle}
        pairs = [
            [answered_s(child("paint"), {"bare": bare, **library}, threads=CORES) for bare in both]
            for both in [(False, True)] * RUNS
        ]
        ours_s, peer_s = (median(column) for column in zip(*pairs, strict=True))
        return compared(
            "process start to the window's first paint, s",
            ours=ours_s,
            peer=peer_s,
            goal=GOAL,
            note="offscreen; the peer is an empty window of PySide6",
        )
