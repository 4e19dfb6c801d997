"""Predicted places: their range, what they start at, and that they can be learned."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tokenalign.nn.levels.contextual_places import ContextualPlaces
from tokenalign.nn.levels.gaussian_bias import places

WIDTH = 8


@pytest.fixture
def predict() -> ContextualPlaces:
    torch.manual_seed(4)
    return ContextualPlaces(width=WIDTH, hidden=16, heads=2)


def tokens(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, WIDTH, generator=torch.Generator().manual_seed(seed))
    return nn.functional.normalize(vectors, dim=-1)


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


def test_without_a_shift_tokens_are_at_their_own_places(predict: ContextualPlaces) -> None:
    nn.init.zeros_(predict.shift.weight)
    mask = mask_of([5, 2, 0], 5)

    assert torch.allclose(predict(tokens(3, 5, seed=1), mask), places(mask), atol=1e-6)


def test_padding_does_not_move_places_and_rows_are_apart(predict: ContextualPlaces) -> None:
    words = tokens(2, 3, seed=1)
    plain = predict(words, mask_of([3, 2], 3))
    other = torch.cat([words[:1], tokens(1, 3, seed=2)])
    padded = torch.cat([other, other * 5], dim=1)

    found = predict(padded, mask_of([3, 2], 6))

    assert torch.allclose(found[0, :3], plain[0], atol=1e-6)
    assert not found[:, 3:].any()
    assert ((plain >= 0) & (plain <= 1)).all()


def test_another_word_moves_a_tokens_place(predict: ContextualPlaces) -> None:
    words, mask = tokens(1, 3, seed=1), mask_of([3], 3)
    other = words.clone()
    other[0, 1] = tokens(1, seed=5)[0]

    moved = (predict(words, mask) - predict(other, mask)).abs()

    assert moved[0, 0] > 1e-5  # "B after A" and "B before A" differ in one word


def test_a_reversed_reading_can_be_learned(predict: ContextualPlaces) -> None:
    words, mask = tokens(2, 4, seed=1), mask_of([4, 4], 4)
    words[1, 2] = -words[0, 2]
    truth = torch.stack([places(mask)[0], places(mask)[0].flip(0)])  # as told, and reversed
    losses = []
    for _ in range(40):
        loss = (predict(words, mask) - truth).square().mean()
        gradients = torch.autograd.grad(loss, list(predict.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(predict.parameters(), gradients, strict=True):
                parameter.sub_(2.0 * gradient)
        losses.append(loss.item())

    assert losses[-1] < 0.1 * losses[0]


def test_empty_captions_stay_finite_and_all_parameters_learn(predict: ContextualPlaces) -> None:
    words = tokens(2, 3, seed=1).requires_grad_()

    found = predict(words, mask_of([0, 3], 3))
    found.square().sum().backward()

    assert found[0].tolist() == [0.0] * 3
    for tensor in (words, *predict.parameters()):
        assert tensor.grad is not None
        assert torch.isfinite(tensor.grad).all()
        assert tensor.grad.any()
