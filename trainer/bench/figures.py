"""What a contender is judged by: rows of the protocol, the same for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import cast

import numpy as np

from tokenalign.engine import Model
from tokenalign.metrics.bootstrap import Interval
from trainer.bench.listener import Listener
from trainer.evaluation.detection import detection_rows
from trainer.evaluation.protocol import (
    Row,
    Sounds,
    TestSet,
    grounding_rows,
    naming_rows,
    order_rows,
    rejection_rows,
    retrieval_rows,
    while_rows,
    without_rows,
)
from trainer.evaluation.scenes import Samples

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
    "without: A alone above A and B",
    "while: overlap above sequence",
    "PSDS1",
    "PSDS2",
    "grounding PSDS, 800 false alarms an hour",
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


def measure(listener: Listener, test: TestSet, sounds: Sounds) -> dict[str, Interval]:
    """All figures of a contender.

    Args:
        listener: who is judged.
        test: scenes of recordings that it was not trained on, encoded by it.
        sounds: these recordings, by label.
    """
    model = as_model(listener)
    rows: Iterator[Row] = chain(
        retrieval_rows(model, test),
        order_rows(model, test),
        naming_rows(model, sounds),
        grounding_rows(model, test),
        rejection_rows(model, test),
        without_rows(model, test),
        while_rows(model, test),
        detection_rows(model, test),
    )
    found = {row.name: row.figure for row in rows}
    return {name: found[name] for name in FIGURES}


def as_model(listener: Listener) -> Model:
    """The rows ask a model for nothing else than what a listener has."""
    return cast(Model, listener)


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
