"""The local level by hand, by loops, and what must not move it."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tokenalign.nn.levels.max_sum import MaxSum, UnitWeights

BETA, WINDOW = 12.0, 64


def unit(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(vectors, dim=-1)


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


def taught(*, smooth: bool, width: int) -> MaxSum:
    """A level whose weights of units differ."""
    level = MaxSum(width=width, smooth=smooth, sharpness=BETA, window_frames=WINDOW)
    torch.nn.init.normal_(level.weights.weigh.weight, generator=torch.Generator().manual_seed(9))
    return level


def test_hard_maximum_by_hand() -> None:
    units = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
    frames = torch.tensor([[[0.8, 0.6], [0.6, 0.8]], [[1.0, 0.0], [0.0, -1.0]]])
    level = MaxSum(width=2, smooth=False)

    score = level(
        units, torch.ones(1, 2, dtype=torch.bool), frames, torch.ones(2, 2, dtype=torch.bool)
    )

    # Clip 0: (0.8 + 0.8) / 2. Clip 1: (1 + 0) / 2.
    assert score.tolist() == [[pytest.approx(0.8), pytest.approx(0.5)]]


def test_smooth_maximum_by_hand() -> None:
    units = torch.tensor([[[1.0, 0.0]]])
    frames = torch.tensor([[[0.6, 0.8], [0.8, 0.6]]])
    level = MaxSum(width=2, smooth=True, sharpness=BETA, window_frames=WINDOW)

    score = level(
        units, torch.ones(1, 1, dtype=torch.bool), frames, torch.ones(1, 2, dtype=torch.bool)
    )

    by_hand = (math.log(math.exp(BETA * 0.6) + math.exp(BETA * 0.8)) - math.log(WINDOW)) / BETA
    assert score.item() == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize("smooth", [False, True])
def test_equals_loops_over_pairs(smooth: bool) -> None:
    level = taught(smooth=smooth, width=4)
    units, frames = unit(3, 5, 4, seed=1), unit(2, 6, 4, seed=2)
    unit_counts, frame_counts = [5, 2, 1], [6, 3]

    score = level(units, mask_of(unit_counts, 5), frames, mask_of(frame_counts, 6))

    for caption, n in enumerate(unit_counts):
        logits = units[caption, :n] @ level.weights.weigh.weight[0]
        weights = (logits.exp() / logits.exp().sum()).tolist()
        for clip, m in enumerate(frame_counts):
            total = 0.0
            for token in range(n):
                near = [float(units[caption, token] @ frames[clip, frame]) for frame in range(m)]
                best = max(near)
                if smooth:
                    best = math.log(sum(math.exp(BETA * s) for s in near) / WINDOW) / BETA
                total += weights[token] * best
            assert score[caption, clip].item() == pytest.approx(total, abs=1e-5)


@pytest.mark.parametrize("smooth", [False, True])
def test_padding_does_not_move_it(smooth: bool) -> None:
    level = taught(smooth=smooth, width=4)
    units, frames = unit(2, 3, 4, seed=3), unit(2, 4, 4, seed=4)
    plain = level(units, mask_of([3, 3], 3), frames, mask_of([4, 4], 4))

    longer_units = torch.cat([units, units.flip(1) * 7], dim=1)
    longer_frames = torch.cat([frames, frames * 9], dim=1)
    padded = level(longer_units, mask_of([3, 3], 6), longer_frames, mask_of([4, 4], 8))

    assert torch.allclose(plain, padded, atol=1e-6)


@pytest.mark.parametrize("smooth", [False, True])
def test_empty_captions_and_clips_stay_finite(smooth: bool) -> None:
    level = taught(smooth=smooth, width=4)
    units = unit(2, 3, 4, seed=5).requires_grad_()
    frames = unit(2, 4, 4, seed=6).requires_grad_()

    score = level(units, mask_of([0, 3], 3), frames, mask_of([0, 4], 4))
    score.sum().backward()

    assert score[0].tolist() == [0.0, 0.0]
    assert score[1, 0] < score[1, 1] - 1.0
    for tensor in (score, units.grad, frames.grad, level.weights.weigh.weight.grad):
        assert tensor is not None
        assert torch.isfinite(tensor).all()


def test_long_captions_score_as_short_ones_and_smoothness_reaches_every_frame() -> None:
    frames = unit(1, 4, 4, seed=7).requires_grad_()
    word = unit(1, 1, 4, seed=8)
    level = MaxSum(width=4, smooth=True)

    short = level(word, mask_of([1], 1), frames, mask_of([4], 4))
    long = level(word.expand(1, 9, 4), mask_of([9], 9), frames, mask_of([4], 4))
    short.sum().backward()

    assert long.item() == pytest.approx(short.item(), abs=1e-6)
    assert frames.grad is not None
    assert (frames.grad.abs().sum(dim=-1) > 0).all()


def test_weights_sum_to_one_and_start_alike() -> None:
    weights = UnitWeights(width=4)(unit(2, 3, 4, seed=1), mask_of([3, 2], 3))

    assert torch.allclose(weights, torch.tensor([[1 / 3] * 3, [0.5, 0.5, 0.0]]))
