"""Transport by hand, against another implementation, and its score of pairs."""

from __future__ import annotations

import math

import numpy as np
import ot
import pytest
import torch
from torch import Tensor, nn

from tokenalign.nn.levels.events import Events
from tokenalign.nn.levels.regional import regional_score, transport_plan


def unit(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return nn.functional.normalize(vectors, dim=-1)


def shares(rows: list[list[float]]) -> Tensor:
    return torch.tensor(rows)


def events_of(vectors: Tensor, share: Tensor) -> Events:
    mask = share > 0
    return Events(torch.where(mask.unsqueeze(-1), vectors, 0.0), share, mask)


def test_two_by_two_by_hand() -> None:
    # With even shares the plan is symmetric: Γ_11 = ½ σ(1/ε) for costs 0 on, 1 off the diagonal.
    even = torch.tensor([0.5, 0.5])

    plan = transport_plan(torch.tensor([[0.0, 1.0], [1.0, 0.0]]), even, even, blur=0.5)

    near = 0.5 / (1.0 + math.exp(-2.0))
    assert plan.flatten().tolist() == pytest.approx([near, 0.5 - near, 0.5 - near, near], abs=1e-6)


@pytest.mark.parametrize("blur", [0.05, 0.1, 0.5])
def test_equals_pot(blur: float) -> None:
    cost = 1.0 - unit(5, 3, 4, seed=1) @ unit(5, 4, 4, seed=2).transpose(1, 2)
    rows = torch.softmax(unit(5, 3, seed=3).double(), dim=-1)
    columns = torch.softmax(unit(5, 4, seed=4).double(), dim=-1)

    plan = transport_plan(cost, rows, columns, blur=blur, iterations=500)

    for own in range(5):
        theirs = ot.bregman.sinkhorn_log(
            rows[own].numpy(),
            columns[own].numpy(),
            cost[own].double().numpy(),
            blur,
            numItermax=5000,
            stopThr=1e-9,
        )
        assert np.allclose(plan[own].numpy(), theirs, atol=1e-4)


def test_marginals_are_enforced_and_padding_takes_no_part() -> None:
    cost = 1.0 - unit(1, 3, 4, seed=1) @ unit(1, 4, 4, seed=2).transpose(1, 2)
    rows, columns = shares([[0.7, 0.3, 0.0]]), shares([[0.5, 0.25, 0.25, 0.0]])

    plan = transport_plan(cost, rows, columns)
    alone = transport_plan(cost[:, :2, :3], rows[:, :2], columns[:, :3])

    assert torch.allclose(plan.sum(dim=2), rows, atol=1e-3)
    assert torch.allclose(plan.sum(dim=1), columns, atol=1e-5)
    assert torch.allclose(plan[:, :2, :3], alone, atol=1e-6)


def test_score_falls_as_the_cost_rises() -> None:
    phrase, share = torch.tensor([[[1.0, 0.0]]]), shares([[1.0]])
    angles = torch.linspace(0.0, math.pi, 9)
    vectors = torch.stack([angles.cos(), angles.sin()], dim=-1).unsqueeze(1)

    score = regional_score(phrase, share, events_of(vectors, torch.ones(9, 1)))

    assert score[0].tolist() == pytest.approx(angles.cos().tolist(), abs=1e-5)


def test_equals_a_loop_over_pairs_and_clips_are_apart() -> None:
    phrases, vectors = unit(3, 2, 4, seed=5), unit(3, 3, 4, seed=6)
    phrase_share = shares([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]])
    share = shares([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.6, 0.0, 0.4]])

    score = regional_score(phrases, phrase_share, events_of(vectors, share))

    for b in range(3):
        for c in range(3):
            similarity = phrases[b, phrase_share[b] > 0] @ vectors[c, share[c] > 0].T
            own, theirs = phrase_share[b][phrase_share[b] > 0], share[c][share[c] > 0]
            plan = transport_plan(1.0 - similarity, own, theirs)
            assert score[b, c].item() == pytest.approx((plan * similarity).sum().item(), abs=1e-5)
    changed = torch.cat([vectors[:2], unit(1, 3, 4, seed=8)])
    other = regional_score(phrases, phrase_share, events_of(changed, share))
    assert torch.allclose(score[:, :2], other[:, :2])
    assert ((score - other)[:, 2].abs() > 1e-4).all()


def test_a_phrase_too_many_costs() -> None:
    dog, rain, horn = torch.eye(3)
    heard = events_of(torch.stack([dog, rain]).unsqueeze(0), shares([[0.5, 0.5]]))
    captions = torch.stack([torch.stack([dog, rain, rain]), torch.stack([dog, rain, horn])])
    share = shares([[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])

    right, too_many = regional_score(captions, share, heard)[:, 0].tolist()

    assert right == pytest.approx(1.0, abs=1e-3)
    assert too_many == pytest.approx(2 / 3, abs=1e-3)


def test_empty_captions_and_clips_stay_finite() -> None:
    phrases, vectors = unit(2, 2, 4, seed=5).requires_grad_(), unit(2, 2, 4, seed=6)
    vectors.requires_grad_()
    share = shares([[0.0, 0.0], [0.5, 0.5]])

    score = regional_score(phrases, share, events_of(vectors, share))
    score.sum().backward()  # type: ignore[no-untyped-call]

    assert score[0].tolist() == [0.0, 0.0]
    assert score[1, 0].item() == 0.0
    assert score[1, 1].item() != 0.0
    for tensor in (phrases, vectors):
        assert tensor.grad is not None
        assert torch.isfinite(tensor.grad).all()
        assert tensor.grad[1].any()
