"""Sparsemax against numbers done by hand, a search without sorting, and its own derivative."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tokenalign.nn.mga.sparsemax import sparsemax


def projected(scores: Tensor) -> Tensor:
    """Each row's nearest point of the simplex: the threshold found by halving an interval."""
    rows = []
    for row in scores:
        low, high = row.max() - 1, row.max()
        for _ in range(80):
            middle = (low + high) / 2
            above = (row - middle).clamp(min=0).sum() > 1
            low, high = (middle, high) if above else (low, middle)
        rows.append((row - low).clamp(min=0))
    return torch.stack(rows)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]),
        ([3.0, 1.0, 0.0], [1.0, 0.0, 0.0]),
        ([0.5, 0.3, -1.0], [0.6, 0.4, 0.0]),  # theta = (0.8 - 1) / 2 = -0.1
        ([-5.0, -5.4], [0.7, 0.3]),
        ([7.0], [1.0]),
    ],
)
def test_numbers_done_by_hand(scores: list[float], expected: list[float]) -> None:
    torch.testing.assert_close(sparsemax(torch.tensor(scores)), torch.tensor(expected))


@pytest.mark.parametrize("spread", [0.01, 0.3, 1.0, 30.0])
def test_it_is_the_nearest_point_of_the_simplex(spread: float) -> None:
    scores = spread * torch.randn(20, 300, generator=torch.Generator().manual_seed(1)).double()

    found = sparsemax(scores)

    torch.testing.assert_close(found, projected(scores))
    torch.testing.assert_close(found.sum(dim=-1), torch.ones(20).double())


def test_its_gradient_is_its_derivative() -> None:
    scores = torch.randn(3, 7, generator=torch.Generator().manual_seed(2)).double()

    assert torch.autograd.gradcheck(sparsemax, scores.requires_grad_())


def test_scores_that_share_a_large_constant_keep_their_shares() -> None:
    scores = torch.tensor([0.5, 0.25, -1.0])

    torch.testing.assert_close(sparsemax(scores + 4096.0), sparsemax(scores))
