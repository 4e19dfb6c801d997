"""The hard-negative guided loss against loops over its formula, in the paper's form and the code's.

Rows 0 and 1 hold a pair apiece; what is excluded counts neither as a wrong pair nor in weights.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tokenalign.nn.objectives.hard_negatives import (
    PUBLISHED_CODE,
    HardNegatives,
    hard_negative_guided,
)
from tokenalign.nn.objectives.multi_positive import multi_positive

SCALE = torch.tensor(8.0)
PAPER = HardNegatives(sharpness=0.5)


def scores() -> Tensor:
    return torch.rand(5, 5, generator=torch.Generator().manual_seed(6)).double()


def by_loops(score: Tensor, positive: Tensor, config: HardNegatives, excluded: Tensor) -> float:
    """Equations 7 and 8, pair by pair."""
    total = 0.0
    for s, own, out in (
        (SCALE * score, positive, excluded),
        (SCALE * score.T, positive.T, excluded.T),
    ):
        rows = []
        for i in range(len(s)):
            counted = [j for j in range(len(s)) if own[i, j] or not out[i, j]]
            weight = {}
            for j in counted:
                among = [k for k in counted if config.share_of == "all" or k != j]
                shared = sum(math.exp(config.sharpness * s[i, k]) for k in among)
                number = len(counted) - (config.weights_sum == "all but one")
                share = math.exp(config.sharpness * s[i, j]) / shared
                weight[j] = 1.0 if own[i, j] else number * share
            below = sum(weight[j] * math.exp(s[i, j]) for j in counted)
            shares = [math.exp(s[i, j]) / below for j in counted if own[i, j]]
            rows.append(-sum(map(math.log, shares)) / len(shares))
        total += sum(rows) / len(rows) / 2
    return total


@pytest.mark.parametrize("config", [PAPER, replace(PUBLISHED_CODE, sharpness=0.5)])
def test_it_is_the_formula(config: HardNegatives) -> None:
    positive = torch.eye(5, dtype=torch.bool)
    positive[0, 3] = positive[3, 0] = True
    excluded = torch.zeros(5, 5, dtype=torch.bool)
    excluded[1, 2] = excluded[2, 1] = excluded[4, 4] = True  # the last is positive, and stays

    found = hard_negative_guided(scores(), positive, SCALE, config, excluded=excluded)

    assert found.item() == pytest.approx(by_loops(scores(), positive, config, excluded))


@pytest.mark.parametrize("config", [HardNegatives(0.0), replace(PUBLISHED_CODE, sharpness=0.0)])
def test_without_sharpness_it_is_info_nce(config: HardNegatives) -> None:
    positive = torch.eye(5, dtype=torch.bool)

    found = hard_negative_guided(scores(), positive, SCALE, config)

    torch.testing.assert_close(found, multi_positive(scores(), positive, SCALE))


def test_the_likeliest_wrong_pair_is_pushed_away_harder_than_by_info_nce() -> None:
    # Row 0: one hard negative (0.8), three easy ones (0.1).
    score = torch.full((5, 5), 0.1).fill_diagonal_(0.9)
    score[0, 1] = 0.8

    def share_of_hardest(sharpness: float) -> float:
        given = score.clone().requires_grad_()
        config = HardNegatives(sharpness, detached=True)
        hard_negative_guided(given, torch.eye(5, dtype=torch.bool), SCALE, config).backward()  # type: ignore[no-untyped-call]
        assert given.grad is not None
        return (given.grad[0, 1] / given.grad[0, 1:].sum()).item()

    assert share_of_hardest(0.5) > share_of_hardest(0.0)


def test_detaching_changes_the_gradient_and_not_the_loss() -> None:
    positive, found = torch.eye(5, dtype=torch.bool), []
    for detached in (False, True):
        given = scores().requires_grad_()
        loss = hard_negative_guided(given, positive, SCALE, replace(PAPER, detached=detached))
        loss.backward()  # type: ignore[no-untyped-call]
        assert given.grad is not None
        found.append((loss.item(), given.grad))

    assert found[0][0] == found[1][0]
    assert (found[0][1] - found[1][1]).abs().max() > 1e-3


def test_the_gradient_is_the_derivative() -> None:
    positive = torch.eye(5, dtype=torch.bool)
    excluded = torch.zeros_like(positive)
    excluded[1, 2] = True

    for config in (PAPER, PUBLISHED_CODE):
        assert torch.autograd.gradcheck(
            lambda score, config=config: hard_negative_guided(
                score, positive, SCALE.double(), config, excluded=excluded
            ),
            scores().requires_grad_(),
        )


def test_a_batch_of_one_pair_loses_nothing() -> None:
    one = torch.ones(1, 1)

    for config in (PAPER, PUBLISHED_CODE):
        assert hard_negative_guided(one, one.bool(), SCALE, config).item() == 0.0
