"""A search of a large library, from typed caption to ranked results with spans."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from app.bench.exhaustive import QUESTIONS, TOP, Question
from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS
from app.bench.workplace import Workplace
from tokenalign import Model
from tokenalign.library import Library, SearchAnswer

LARGE_CLIPS = 1_000_000
GOAL = Goal(most=100, unit="ms")
GOAL_LARGE = Goal(most=300, unit="ms")


class Query:
    """Ours against scoring every clip whose frames are in memory already."""

    key = "query"

    def row(self, workplace: Workplace) -> Row:
        """Milliseconds of the 95th percentile, over all questions."""
        with Library.open(workplace.mixed_dir) as library:
            ask = partial(asked, library, workplace.model)
            for question in QUESTIONS:
                ask(question)
            timed = [
                _timed(library, workplace.model, one) for _ in range(RUNS) for one in QUESTIONS
            ]
        total_ms, text_ms = np.array(timed).T
        exhaustive_ms = np.array(workplace.exhaustive.seconds_each) * 1e3
        middle, high = np.percentile(total_ms, [50, 95])
        return compared(
            f"query p95 at {workplace.clips:,} clips, ms",
            ours=float(high),
            peer=float(np.percentile(exhaustive_ms, 95)),
            goal=GOAL_LARGE if workplace.clips >= LARGE_CLIPS else GOAL,
            note=f"p50 {middle:.0f} ms, exhaustive {np.median(exhaustive_ms):,.0f} ms;"
            f" of it encoding the text {np.median(text_ms):.0f} ms;"
            f" {len(QUESTIONS)} captions, {RUNS} times each",
        )


def asked(library: Library, model: Model, question: Question) -> SearchAnswer:
    """A question's answer."""
    return library.search(question.caption, model, limit=TOP, where=question.where)


def _timed(library: Library, model: Model, question: Question) -> tuple[float, float]:
    """Milliseconds that an answer takes, and those for its text."""
    started_s = time.perf_counter()
    answer = asked(library, model, question)
    return (time.perf_counter() - started_s) * 1e3, answer.elapsed_ms["text"]
