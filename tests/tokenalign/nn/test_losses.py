"""Losses against naive loops, and what must not move them."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tokenalign.nn.losses import presence, salience


def random_scores(size: int, seed: int = 1) -> Tensor:
    return torch.randn(size, size, generator=torch.Generator().manual_seed(seed))


def test_presence_loss_equals_the_naive_loop_over_known_places() -> None:
    logits = random_scores(3, seed=2)
    truth = random_scores(3, seed=3) > 0.3
    known = random_scores(3, seed=4) > -0.5
    assert truth[known].any()
    assert not truth[known].all()
    assert not known.all()

    losses = []
    for logit, true in zip(logits[known].tolist(), truth[known].tolist(), strict=True):
        probability = 1 / (1 + math.exp(-logit))
        losses.append(-10.0 * math.log(probability) if true else -math.log(1 - probability))

    found = presence(logits, truth, known, positive_weight=10.0).item()
    assert found == pytest.approx(sum(losses) / len(losses), abs=1e-5)


def test_presence_loss_without_a_known_place_is_nothing() -> None:
    logits = random_scores(2).requires_grad_()

    loss = presence(logits, torch.ones(2, 2).bool(), torch.zeros(2, 2).bool(), positive_weight=1.0)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == 0.0
    assert logits.grad is not None
    assert (logits.grad == 0.0).all()


def test_salience_loss_equals_the_naive_loop_over_known_frames() -> None:
    share = random_scores(3, seed=5).sigmoid()
    sounding = random_scores(3, seed=6) > 0.0
    known = random_scores(3, seed=7) > -0.5
    assert not known.all()

    losses = [
        -math.log(value if sounds else 1 - value)
        for value, sounds in zip(share[known].tolist(), sounding[known].tolist(), strict=True)
    ]

    found = salience(share, sounding, known).item()
    assert found == pytest.approx(sum(losses) / len(losses), abs=1e-5)


def test_salience_loss_is_finite_where_a_share_is_nothing_or_all() -> None:
    share = torch.tensor([[0.0, 1.0]]).requires_grad_()

    loss = salience(share, torch.tensor([[True, False]]), torch.ones(1, 2).bool())
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.isfinite()
    assert share.grad is not None
    assert share.grad.isfinite().all()
