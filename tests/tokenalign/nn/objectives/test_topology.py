"""Topology by hand and by loops over pairs of items."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tokenalign.nn.objectives.topology import topology


def unit(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return nn.functional.normalize(vectors, dim=-1)


def test_by_hand() -> None:
    audio = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    text = torch.tensor([[1.0, 0.0], [0.6, 0.8]])

    assert topology(audio, text).item() == pytest.approx(0.36, abs=1e-6)


def test_turning_one_space_costs_nothing() -> None:
    audio = unit(5, 4, seed=1)
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(2)))

    assert topology(audio, audio @ turn).item() == pytest.approx(0.0, abs=1e-10)
    assert topology(audio, audio.flip(0)).item() > 0.01


def test_equals_loops_over_counted_pairs() -> None:
    audio, text = unit(4, 3, seed=1), unit(4, 6, seed=2)
    counted = [True, False, True, True]

    loss = topology(audio, text, counted=torch.tensor(counted)).item()

    gaps = [
        (float(audio[i] @ audio[j]) - float(text[i] @ text[j])) ** 2
        for i in range(4)
        for j in range(4)
        if i != j and counted[i] and counted[j]
    ]
    assert loss == pytest.approx(sum(gaps) / len(gaps), abs=1e-6)


def test_one_item_costs_nothing_and_both_sides_learn() -> None:
    audio, text = unit(3, 4, seed=1).requires_grad_(), unit(3, 4, seed=2).requires_grad_()

    assert topology(audio[:1], text[:1]).item() == 0.0
    topology(audio, text).backward()  # type: ignore[no-untyped-call]

    for side in (audio, text):
        assert side.grad is not None
        assert side.grad.any(dim=-1).all()


def test_a_difference_within_the_margin_costs_nothing() -> None:
    audio, text = torch.eye(2), torch.tensor([[1.0, 0.0], [0.6, 0.8]])  # cosines 0 and 0.6

    assert topology(audio, text).item() == pytest.approx(0.36)
    assert topology(audio, text, margin=0.1).item() == pytest.approx(0.25)
    assert topology(audio, text, margin=0.6).item() == pytest.approx(0.0, abs=1e-10)
