"""From the start of the program to its first answer."""

from __future__ import annotations

import sys
from statistics import median

from app.bench.cores import CORES
from app.bench.exhaustive import QUESTIONS
from app.bench.peers import answered_s, child
from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS
from app.bench.workplace import Workplace

GOAL = Goal(most=1.5, unit="s")


class Start:
    """``tokenalign search`` as a process, against one that reads everything and then scores it."""

    key = "start"

    def row(self, workplace: Workplace) -> Row:
        """Seconds until the answer is printed."""
        caption, folder = QUESTIONS[0].caption, str(workplace.mixed_dir)
        options = ["--data-dir", folder, "--bundle", workplace.bundle]
        command = [sys.executable, "-m", "app", "search", caption, *options]
        request = {"data_dir": folder, "bundle": workplace.bundle, "caption": caption}
        peer_s = answered_s(child("load_all"), request, threads=CORES)
        ours_s = [answered_s(command, threads=CORES) for _ in range(RUNS)]
        return compared(
            f"process start to first answer at {workplace.clips:,} clips, s",
            ours=median(ours_s),
            peer=peer_s,
            goal=GOAL,
            note="the peer reads all vectors, then scores all clips; once",
        )
