"""Rates of both groups, and which parameters decay."""

from __future__ import annotations

import pytest

from tests.trainer.paired.stubs import recipe_of, stub_system
from trainer.paired.schedule import optimizer_of, rate_share, set_rates


def test_encoders_have_a_rate_of_their_own_and_only_matrices_decay() -> None:
    system = stub_system()
    optimizer = optimizer_of(system, recipe_of(encoder_lr=0.1, projection_lr=0.2, weight_decay=0.3))
    set_rates(optimizer, 0.5)

    found = {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    names = {name: found[id(parameter)] for name, parameter in system.named_parameters()}
    assert len(found) == len(list(system.parameters()))
    assert names["audio.read.weight"] == (0.05, 0.3)
    assert names["text.letters.weight"] == (0.05, 0.3)
    assert names["audio.read.bias"] == (0.05, 0.0)
    assert names["project_audio.weight"] == (0.1, 0.3)
    assert names["project_audio.bias"] == names["log_scale"] == (0.1, 0.0)


def test_rates_rise_in_a_line_and_fall_by_half_a_cosine() -> None:
    shares = [rate_share(step, warmup_steps=4, steps=12) for step in range(12)]

    assert shares[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert shares[8] == pytest.approx(0.5)
    assert shares[4:] == sorted(shares[4:], reverse=True)
    assert rate_share(0, warmup_steps=0, steps=5) == 1.0
