"""Which parameters decay, and how rates rise and fall."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from trainer.schedule import adamw, rate_at, set_rates, warmup_of


def test_only_matrices_decay_and_each_rate_is_for_its_own() -> None:
    slow, fast, single = nn.Linear(2, 3), nn.Linear(3, 1), nn.Parameter(torch.zeros(()))
    optimizer = adamw(
        [(0.1, slow.parameters()), (0.2, [*fast.parameters(), single])], weight_decay=0.3
    )

    set_rates(optimizer, 0.5)

    found = {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert found == {
        id(slow.weight): (0.05, 0.3),
        id(slow.bias): (0.05, 0.0),
        id(fast.weight): (0.1, 0.3),
        id(fast.bias): (0.1, 0.0),
        id(single): (0.1, 0.0),
    }


def test_rates_rise_in_a_line_and_fall_by_half_a_cosine() -> None:
    shares = [rate_at(step, warmup_steps=4, steps=12) for step in range(12)]

    assert shares[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert shares[8] == pytest.approx(0.5)
    assert shares[4:] == sorted(shares[4:], reverse=True)
    assert rate_at(0, warmup_steps=0, steps=5) == 1.0
    assert rate_at(8, warmup_steps=4, steps=12, peak=3.0) == pytest.approx(1.5)


def test_a_rate_rises_for_a_twentieth_but_at_least_a_step() -> None:
    assert [warmup_of(steps) for steps in (3, 39, 40, 100)] == [1, 1, 2, 5]
