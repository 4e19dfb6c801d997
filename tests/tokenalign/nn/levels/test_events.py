"""Cuts against every way to cut, and what an event is worth."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise

import pytest
import torch
from torch import Tensor

from tokenalign.nn.levels.events import cut_into_events, pool_events


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


def noise(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def cost_of(frames: Tensor, cuts: list[int], price: float) -> float:
    """Scatter and price of the events of one clip without padding."""
    total = 0.0
    for start, end in pairwise(cuts):
        if end > start:
            run = frames[start:end]
            total += price + (run - run.mean(dim=0)).square().sum().item()
    return total


def test_a_scene_is_cut_where_its_sounds_change() -> None:
    dog, rain, horn = torch.eye(3)
    scene = torch.stack([*[dog] * 4, *[rain] * 7, *[horn] * 2])
    steady = torch.stack([rain] * 13)
    frames = torch.stack([scene, steady]) + 0.02 * noise(2, 13, 3, seed=1)

    cuts = cut_into_events(frames, mask_of([13, 13], 13), most=4, price=1.0)
    events = pool_events(frames, mask_of([13, 13], 13), cuts)

    assert sorted(set(cuts[0].tolist())) == [0, 4, 11, 13]
    assert sorted(set(cuts[1].tolist())) == [0, 13]
    assert events.mask.sum(dim=1).tolist() == [3, 1]
    assert events.share[0][events.mask[0]].tolist() == pytest.approx([4 / 13, 7 / 13, 2 / 13])
    assert torch.allclose(events.vectors[0][events.mask[0]], torch.eye(3), atol=0.05)


@pytest.mark.parametrize("price", [0.0, 1.5, 4.0])
def test_no_other_cuts_cost_less(price: float) -> None:
    frames = noise(3, 6, 2, seed=2)

    cuts = cut_into_events(frames, mask_of([6] * 3, 6), most=3, price=price)

    for clip in range(3):
        others = combinations_with_replacement(range(7), 2)
        least = min(cost_of(frames[clip], [0, *inner, 6], price) for inner in others)
        assert cost_of(frames[clip], cuts[clip].tolist(), price) == pytest.approx(least, abs=1e-4)


def test_padding_does_not_move_events() -> None:
    frames = noise(2, 6, 3, seed=3)
    longer = torch.cat([frames, 9 * noise(2, 4, 3, seed=4)], dim=1)

    plain = pool_events(
        frames, mask_of([6, 4], 6), cut_into_events(frames, mask_of([6, 4], 6), price=0.5)
    )
    mask = mask_of([6, 4], 10)
    padded = pool_events(longer, mask, cut_into_events(longer, mask, price=0.5))

    for clip in range(2):
        kept, found = plain.mask[clip], padded.mask[clip]
        assert torch.allclose(plain.vectors[clip][kept], padded.vectors[clip][found], atol=1e-6)
        assert torch.allclose(plain.share[clip][kept], padded.share[clip][found])


def test_half_precision_around_it_does_not_move_cuts() -> None:
    frames, mask = 1.0 + noise(4, 60, 8, seed=6), mask_of([60] * 4, 60)

    with torch.autocast("cpu", dtype=torch.bfloat16):
        cuts = cut_into_events(frames, mask, price=0.5)

    assert torch.equal(cuts, cut_into_events(frames, mask, price=0.5))


def test_pooling_by_hand_and_its_gradient() -> None:
    frames = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [0.0, 2.0], [9.0, 9.0]]], requires_grad=True)
    mask = mask_of([3], 4)

    events = pool_events(frames, mask, torch.tensor([[0, 2, 2, 4]]))
    events.vectors[0, 0, 0].backward()  # type: ignore[no-untyped-call]

    assert events.vectors[0].tolist() == [pytest.approx([0.6, 0.8]), [0.0, 0.0], [0.0, 1.0]]
    assert events.share[0].tolist() == pytest.approx([2 / 3, 0.0, 1 / 3])
    assert events.mask[0].tolist() == [True, False, True]
    assert frames.grad is not None
    assert frames.grad.abs().sum(dim=-1).gt(0).tolist() == [[True, True, False, False]]


def test_empty_clips_and_clips_of_one_frame() -> None:
    frames = noise(2, 3, 2, seed=5).requires_grad_()
    mask = mask_of([0, 1], 3)

    events = pool_events(frames, mask, cut_into_events(frames, mask, most=4))
    events.vectors.sum().backward()  # type: ignore[no-untyped-call]

    assert events.mask.sum(dim=1).tolist() == [0, 1]
    assert events.share.sum(dim=1).tolist() == [0.0, 1.0]
    assert frames.grad is not None
    assert torch.isfinite(frames.grad).all()
