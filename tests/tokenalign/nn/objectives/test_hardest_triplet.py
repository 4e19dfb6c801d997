"""The triplet loss by hand, by loops, and where there is nothing to beat."""

from __future__ import annotations

import pytest
import torch

from tokenalign.nn.objectives.hardest_triplet import hardest_triplet


def test_two_by_two_by_hand() -> None:
    score = torch.tensor([[0.9, 0.8], [0.1, 0.5]])

    loss = hardest_triplet(score, torch.eye(2, dtype=torch.bool), margin=0.2).item()

    # Pair 0: clips 0.2 - 0.9 + 0.8 = 0.1, captions 0. Pair 1: clips 0, captions 0.2 - 0.5 + 0.8.
    assert loss == pytest.approx((0.1 + 0.5) / 2, abs=1e-6)


def test_equals_loops_over_positive_pairs() -> None:
    score = torch.randn(5, 4, generator=torch.Generator().manual_seed(1))
    positive = torch.zeros(5, 4, dtype=torch.bool)
    for caption, clip in ((0, 0), (1, 0), (2, 1), (3, 2), (4, 3)):
        positive[caption, clip] = True
    excluded = torch.zeros_like(positive)
    excluded[0, 2] = excluded[4, 1] = True

    loss = hardest_triplet(score, positive, margin=0.2, excluded=excluded).item()

    allowed = ~(positive | excluded)
    total = 0.0
    for own, clip in positive.nonzero().tolist():
        wrong_clips = [score[own, k].item() for k in range(4) if allowed[own, k]]
        wrong_captions = [score[k, clip].item() for k in range(5) if allowed[k, clip]]
        for wrong in (max(wrong_clips), max(wrong_captions)):
            total += max(0.0, 0.2 - score[own, clip].item() + wrong)
    assert loss == pytest.approx(total / 5, abs=1e-5)


def test_only_the_hardest_negative_learns() -> None:
    score = torch.tensor([[0.5, 0.4, 0.6], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]], requires_grad=True)

    hardest_triplet(score, torch.eye(3, dtype=torch.bool)).backward()  # type: ignore[no-untyped-call]

    assert score.grad is not None
    assert score.grad[0].tolist() == pytest.approx([-1 / 3, 0.0, 1 / 3])
    assert not score.grad[1:].any()


def test_nothing_to_beat_costs_nothing() -> None:
    score = torch.tensor([[0.3, 0.9]], requires_grad=True)

    loss = hardest_triplet(score, torch.ones(1, 2, dtype=torch.bool))
    loss.backward()  # type: ignore[no-untyped-call]
    none = hardest_triplet(score, torch.zeros(1, 2, dtype=torch.bool))

    assert loss.item() == 0.0
    assert none.item() == 0.0
    assert score.grad is not None
    assert torch.isfinite(score.grad).all()
