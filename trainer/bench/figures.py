"""What a contender is judged by: rows of the protocol, the same for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import cast

import numpy as np

from tokenalign.engine import Model
from tokenalign.metrics.bootstrap import Interval
from trainer.bench.listener import Listener
from trainer.evaluation.protocol import (
    Row,
    Sounds,
    encode_test_set,
    grounding_rows,
    naming_rows,
    order_rows,
    rejection_rows,
    retrieval_rows,
)
from trainer.evaluation.scenes import Counts, Samples

FIGURES = (
    "t2a R@10",
    "t2a mAP@10",
    "a2t R@1",
    "a2t R@10",
    "order group, forward",
    "order group, reversed",
    "naming, plain",
    "naming, paraphrase",
    "frame AUROC",
    "pointing",
    "rejection AUROC",
)
"""Names of the protocol's rows that need no calibrated threshold."""


@dataclass(frozen=True)
class Figure:
    """A figure over seeds, in percent.

    Attributes:
        value: mean over seeds.
        low: of the interval over scenes, as of one seed: the mean of the seeds' bounds.
        high: likewise.
        seeds: the figure of each seed.
    """

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]


def measure(listener: Listener, sounds: Sounds, counts: Counts, seed: int) -> dict[str, Interval]:
    """All figures of a contender.

    Args:
        listener: who is judged.
        sounds: recordings by label that it was not trained on.
        counts: how many scenes.
        seed: of scenes and captions.
    """
    # The rows ask a model for nothing else than what a listener has.
    model = cast(Model, listener)
    test = encode_test_set(model, sounds, counts, seed)
    rows: Iterator[Row] = chain(
        retrieval_rows(model, test),
        order_rows(model, test),
        naming_rows(model, sounds),
        grounding_rows(model, test),
        rejection_rows(model, test),
    )
    found = {row.name: row.figure for row in rows}
    return {name: found[name] for name in FIGURES}


def decoded_once(sounds: Sounds) -> Sounds:
    """The same recordings, each kept when it has been decoded."""

    def kept(load: Callable[[], Samples]) -> Callable[[], Samples]:
        return cache(load)

    return {label: [kept(load) for load in loads] for label, loads in sounds.items()}


def over_seeds(found: Sequence[Mapping[str, Interval]]) -> dict[str, Figure]:
    """Figures of one row, given those of each of its seeds."""
    return {
        name: Figure(
            value=float(np.mean([one[name].value for one in found])),
            low=float(np.mean([one[name].low for one in found])),
            high=float(np.mean([one[name].high for one in found])),
            seeds=tuple(one[name].value for one in found),
        )
        for name in found[0]
    }


def write_figures(found: Mapping[str, Interval], path: Path) -> None:
    """Save one seed's figures, all or nothing."""
    partial = path.with_suffix(".partial")
    values = {name: asdict(figure) for name, figure in found.items()}
    partial.write_text(json.dumps(values, indent=2) + "\n")
    partial.replace(path)


def read_figures(path: Path) -> dict[str, Interval]:
    """Read what `write_figures` wrote."""
    return {name: Interval(**one) for name, one in json.loads(path.read_text()).items()}
