"""What a row costs: parameters, the seconds it trained, and its time for a scene and a caption."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from torch import nn

from trainer.bench.listener import Listener
from trainer.evaluation.protocol import TestSet
from trainer.evaluation.scenes import SAMPLE_RATE

REPEATS = 5


@dataclass(frozen=True)
class Costs:
    """Of one run, or the mean over several.

    Attributes:
        parameters: of the system, the frozen ones of its audio encoder too; not of the token
            encoder, which all rows share.
        trained_s: of all its steps, without drawing batches.
        encode_ms: samples of one scene to vectors, on one thread.
        score_ms: one caption, asked among others, against all test scenes, on one thread.
    """

    parameters: float
    trained_s: float
    encode_ms: float
    score_ms: float


def measure_costs(listener: Listener, system: nn.Module, log: Path, test: TestSet) -> Costs:
    """Costs of a run.

    Args:
        listener: its model, as it is measured.
        system: its modules.
        log: of its training.
        test: what it is measured with.
    """
    scene = test.scenes[0].samples
    return Costs(
        parameters=sum(parameter.numel() for parameter in system.parameters()),
        trained_s=_trained_s(log),
        encode_ms=_median_ms(lambda: listener.encode_audio(scene, SAMPLE_RATE)),
        score_ms=_median_ms(lambda: listener.score(test.texts, test.clips)) / len(test.texts),
    )


def mean_costs(found: Sequence[Costs]) -> Costs:
    """Of one row's seeds."""
    names = [field.name for field in fields(Costs)]
    return Costs(**{name: float(np.mean([getattr(one, name) for one in found])) for name in names})


def _trained_s(log: Path) -> float:
    """Of the last time that each step was taken: those after a checkpoint may be taken twice."""
    reports = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return float(sum({report["step"]: report["seconds"] for report in reports}.values()))


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(1000.0 * (time.perf_counter() - started))
    return float(np.median(times))
