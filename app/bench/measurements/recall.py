"""How much of what exhaustive scoring finds a search of a large library finds too."""

from __future__ import annotations

from app.bench.exhaustive import QUESTIONS, TOP
from app.bench.measurements.query import asked
from app.bench.rows import Goal, Row, compared
from app.bench.workplace import Workplace
from tokenalign.library import Library

GOAL = Goal(least=0.99)


class Recall:
    """The mean over all questions; exhaustive scoring has 1 by definition."""

    key = "recall"

    def row(self, workplace: Workplace) -> Row:
        """Recall at 10."""
        exhaustive = workplace.exhaustive
        with Library.open(workplace.mixed_dir) as library:
            recalls = [
                exhaustive.recall(place, asked(library, workplace.model, question))
                for place, question in enumerate(QUESTIONS)
            ]
        worst = min(zip(recalls, QUESTIONS, strict=True), key=lambda pair: pair[0])
        return compared(
            f"recall@{TOP} at {workplace.clips:,} clips",
            ours=sum(recalls) / len(recalls),
            peer=1.0,
            goal=GOAL,
            more_is_better=True,
            note=f"against exhaustive scoring; the least is {worst[0]:.2f}, {worst[1].caption!r}",
        )
