"""The first stage of a search: which clips are looked at closely, against FAISS's flat index."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from numpy.typing import NDArray

from app.bench.exhaustive import QUESTIONS
from app.bench.measurements.query import asked
from app.bench.peers import require
from app.bench.rows import Goal, Row, compared
from app.bench.timing import RUNS, median_s
from app.bench.workplace import Workplace
from tokenalign import Model
from tokenalign.library import Library
from tokenalign.query.types import NEGATED

GOAL = Goal(ratio=1)

NEAREST = 400


class FirstStage:
    """Ours with all that belongs to it, such as the filter; the peer only searches."""

    key = "first-stage"

    def row(self, workplace: Workplace) -> Row:
        """Milliseconds, the median over the questions of their medians."""
        require("faiss")
        model, plain = workplace.model, [one for one in QUESTIONS if not one.where]
        flat = flat_search(workplace.exhaustive.gists)
        with Library.open(workplace.mixed_dir) as library:
            for question in plain:
                asked(library, model, question)
            ours_ms = [
                median(asked(library, model, one).elapsed_ms["candidates"] for _ in range(RUNS))
                for one in plain
            ]
        vectors = [wanted(model, one.caption) for one in plain]
        peer_s = [median_s(partial(flat, each)) for each in vectors]
        return compared(
            f"first stage at {workplace.clips:,} clips, ms",
            ours=median(ours_ms),
            peer=median(peer_s) * 1e3,
            goal=GOAL,
            note=f"FAISS: IndexFlatIP over window vectors, {NEAREST} for each phrase",
        )


def flat_search(
    gists: NDArray[np.float32],
) -> Callable[[NDArray[np.float32]], NDArray[np.int64]]:
    """The nearest of some vectors [C, D] to others [P, D], by inner product: [P, NEAREST]."""
    import faiss

    index = faiss.IndexFlatIP(gists.shape[1])
    index.add(gists)
    count = min(NEAREST, len(gists))

    def search(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = index.search(vectors, count)[1]
        return found

    return search


def wanted(model: Model, caption: str) -> NDArray[np.float32]:
    """The phrases of a caption that must sound, [P, D]."""
    rows = model.encode_text(caption).scored
    vectors: NDArray[np.float32] = rows.phrases[rows.rank != NEGATED]
    return vectors
