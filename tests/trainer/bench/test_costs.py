"""Costs of a run: counted parameters, and the time of its steps by its log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import numpy as np
from torch import nn

from trainer.bench.costs import measure_costs
from trainer.bench.listener import Listener
from trainer.evaluation.protocol import TestSet


class Idle:
    """Answers at once, and says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def encode_audio(self, samples: np.ndarray[tuple[int], np.dtype[np.float32]], _: int) -> None:
        self.asked.append((0, len(samples)))

    def score(self, texts: list[str], clips: list[str]) -> None:
        self.asked.append((len(texts), len(clips)))


class Scene:
    samples = np.zeros(7, np.float32)


class Test:
    scenes = (Scene(),)
    texts = ("one", "two")
    clips = ("a", "b", "c")


def test_a_step_that_was_taken_twice_counts_once(tmp_path: Path) -> None:
    steps = [(0, 1.0), (1, 2.0), (2, 9.0), (2, 3.0)]  # killed after its third, gone on with
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps({"step": n, "seconds": s}) + "\n" for n, s in steps))
    idle = Idle()

    costs = measure_costs(cast(Listener, idle), nn.Linear(3, 2), log, cast(TestSet, Test()))

    assert costs.parameters == 8
    assert costs.trained_s == 6.0
    assert costs.encode_ms > 0.0
    assert costs.score_ms > 0.0
    assert set(idle.asked) == {(0, 7), (2, 3)}
