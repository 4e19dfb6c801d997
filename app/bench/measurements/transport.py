"""Optimal transport of the paired model's regional level: all pairs at once, against POT's loop."""

from __future__ import annotations

from app.bench.cores import CORES
from app.bench.peers import answer_of, child, require
from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS
from app.bench.workplace import Workplace

GOAL = Goal(ratio=1)

REQUEST = {"problems": 100, "rows": 12, "columns": 50, "blur": 0.1, "iterations": 50, "runs": RUNS}


class Transport:
    """`tokenalign.nn.levels.regional.transport_plan` against `ot.sinkhorn`."""

    key = "transport"

    def row(self, workplace: Workplace) -> Row:
        """Milliseconds for a hundred problems of 12 by 50, fifty iterations."""
        require("torch", "ot")
        answer = answer_of(child("transport"), REQUEST, threads=CORES)
        return compared(
            NAME,
            ours=answer["ours_s"] * 1e3,
            peer=answer["peer_s"] * 1e3,
            goal=GOAL,
            note=f"plans differ by {answer['difference']:.1e} at most;"
            f" ot.sinkhorn in the log domain, as ours: {answer['peer_log_s'] * 1e3:,.0f} ms",
        )


NAME = "Sinkhorn, 100 problems of 12 x 50, ms"
