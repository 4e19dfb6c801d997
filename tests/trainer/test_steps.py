"""Steps take batches that were drawn while the step before was calculated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from tokenalign.errors import TokenAlignError
from trainer.steps import Training, take_steps

SOON_S = 10.0


def training(batch: Callable[[int], float], *, steps: int) -> Training[float]:
    """One weight, moved towards the number of each batch."""
    model = nn.Linear(1, 1)
    return Training(
        model=model,
        average=AveragedModel(model),
        optimizer=torch.optim.SGD(model.parameters(), lr=0.1),
        steps=steps,
        seed=1,
        rate=lambda _: 0.1,
        batch=batch,
        losses=lambda _, drawn: ({"far": (model.weight - drawn).square().sum()}, {"far": 1.0}),
    )


def test_every_batch_is_drawn_once_and_in_order(tmp_path: Path) -> None:
    numbers: list[int] = []

    def batch(number: int) -> float:
        numbers.append(number)
        return float(number)

    reports = list(take_steps(training(batch, steps=5), tmp_path))

    assert numbers == [report.step for report in reports] == [0, 1, 2, 3, 4]


def test_the_next_batch_is_drawn_before_a_step_is_asked_for(tmp_path: Path) -> None:
    drawn = [threading.Event() for _ in range(3)]

    def batch(number: int) -> float:
        drawn[number].set()
        return 0.0

    next(take_steps(training(batch, steps=3), tmp_path))

    assert drawn[1].wait(SOON_S)
    assert not drawn[2].is_set()


def test_a_batch_that_cannot_be_drawn_ends_the_run_at_its_step(tmp_path: Path) -> None:
    def batch(number: int) -> float:
        if number == 2:
            raise TokenAlignError("the disk is gone", "plug it in")
        return 0.0

    steps = take_steps(training(batch, steps=4), tmp_path)

    assert [next(steps).step for _ in range(2)] == [0, 1]
    with pytest.raises(TokenAlignError, match="the disk is gone"):
        next(steps)
