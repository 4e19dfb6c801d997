"""InfoNCE with several positives: by hand, by loops."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tokenalign.nn.objectives.multi_positive import multi_positive, positive_mask

ONE = torch.tensor(1.0)


def random_scores(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def naive(rows: list[list[float]], positive: list[list[bool]]) -> float:
    """Mean over rows with positives of the mean -log share of each positive."""
    losses = []
    for values, right in zip(rows, positive, strict=True):
        total = sum(math.exp(value) for value in values)
        shares = [-math.log(math.exp(v) / total) for v, r in zip(values, right, strict=True) if r]
        if shares:
            losses.append(sum(shares) / len(shares))
    return sum(losses) / len(losses)


def test_two_by_two_by_hand() -> None:
    score = torch.tensor([[math.log(3.0), 0.0], [0.0, 0.0]])

    loss = multi_positive(score, torch.eye(2, dtype=torch.bool), ONE).item()

    # Shares of the true pairs, both ways: 3/4 and 1/2.
    assert loss == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2, abs=1e-6)


def by_pairs(score: Tensor, excluded: Tensor) -> float:
    """Mean over both directions of -log of the true pair's share among the pairs that count."""
    size, total = len(score), 0.0
    for own in range(size):
        for pairs in (
            [(own, other) for other in range(size)],
            [(other, own) for other in range(size)],
        ):
            counted = [(a, b) for a, b in pairs if a == b or not excluded[a, b]]
            shares = [math.exp(score[a, b].item()) for a, b in counted]
            total -= math.log(math.exp(score[own, own].item()) / sum(shares))
    return total / (2 * size)


def test_with_one_positive_it_is_info_nce() -> None:
    score, excluded = random_scores(4, 4), torch.zeros(4, 4, dtype=torch.bool)
    excluded[0, 2] = excluded[3, 1] = excluded[1, 1] = True  # an own pair is never left out

    loss = multi_positive(score, torch.eye(4, dtype=torch.bool), 3 * ONE, excluded=excluded)

    assert loss.item() == pytest.approx(by_pairs(3 * score, excluded), abs=1e-5)


def test_pairs_that_all_score_alike_lose_the_logarithm_of_the_choices() -> None:
    loss = multi_positive(torch.full((5, 5), 0.3), torch.eye(5, dtype=torch.bool), 10 * ONE)

    assert loss.item() == pytest.approx(math.log(5), abs=1e-5)


def test_excluded_pairs_have_no_influence() -> None:
    score = random_scores(4, 4).requires_grad_()
    excluded = torch.zeros(4, 4, dtype=torch.bool)
    excluded[0, 2] = excluded[2, 3] = True

    multi_positive(score, torch.eye(4, dtype=torch.bool), 5 * ONE, excluded=excluded).backward()  # type: ignore[no-untyped-call]

    assert score.grad is not None
    assert (score.grad[excluded] == 0.0).all()
    assert (score.grad[~excluded] != 0.0).all()


def test_equals_loops_with_several_captions_a_clip_and_swapped_ones() -> None:
    score, swapped = random_scores(5, 3), random_scores(2, 3, seed=2)
    positive = positive_mask(torch.tensor([7, 7, 8, 9, 5]), torch.tensor([7, 8, 9]))
    counts = torch.tensor([[True, False, True], [True, True, True]])

    loss = multi_positive(score, positive, 2 * ONE, swapped=swapped, swapped_false=counts).item()

    to_audio = naive((2 * score).tolist(), positive.tolist())
    wrong = (2 * swapped).masked_fill(~counts, -1e4)
    columns = torch.cat([2 * score, wrong]).T.tolist()
    told = torch.cat([positive, torch.zeros(2, 3, dtype=torch.bool)]).T.tolist()
    assert positive.sum(dim=1).tolist() == [1, 1, 1, 1, 0]
    assert loss == pytest.approx((to_audio + naive(columns, told)) / 2, abs=1e-5)


def test_swapped_captions_are_pushed_away_where_they_count() -> None:
    score = random_scores(2, 2).requires_grad_()
    swapped = random_scores(1, 2, seed=2).requires_grad_()
    counts = torch.tensor([[True, False]])

    loss = multi_positive(
        score, torch.eye(2, dtype=torch.bool), ONE, swapped=swapped, swapped_false=counts
    )
    loss.backward()  # type: ignore[no-untyped-call]

    assert swapped.grad is not None
    assert swapped.grad[0, 0] > 0
    assert swapped.grad[0, 1] == 0


def test_no_positives_give_no_loss_and_the_temperature_learns() -> None:
    score, scale = random_scores(2, 3).requires_grad_(), (2 * ONE).requires_grad_()
    nothing = torch.zeros(2, 3, dtype=torch.bool)

    assert multi_positive(score, nothing, scale).item() == 0.0
    loss = multi_positive(score, torch.eye(2, 3, dtype=torch.bool), scale)
    loss.backward()  # type: ignore[no-untyped-call]

    assert scale.grad is not None
    assert scale.grad.item() != 0.0
    assert torch.isfinite(loss)
