from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from tokenalign.nn.speech.monotone import forward_sum


def every_path(rows: int, frames: int, optional: list[bool]) -> Iterator[tuple[int, ...]]:
    """All ways to visit the rows in order, one a frame, leaving out optional ones at will."""

    def go_on(path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        at = path[-1]
        if len(path) == frames:
            if all(optional[row] for row in range(at + 1, rows)):
                yield path
            return
        for to in range(at, rows):
            if all(optional[row] for row in range(at + 1, to)):
                yield from go_on((*path, to))

    for start in range(rows):
        if all(optional[:start]):
            yield from go_on((start,))


def naive(log_attention: Tensor, optional: list[bool]) -> float:
    """The loss of one utterance and one head, path by path."""
    rows, frames = log_attention.shape
    share = log_attention.softmax(dim=0)
    total = sum(
        math.prod(float(share[row, frame]) for frame, row in enumerate(path))
        for path in every_path(rows, frames, optional)
    )
    return -math.log(total) / frames


def drawn(*shape: int, seed: int = 0) -> Tensor:
    logits = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    return logits.log_softmax(dim=-1)


def ones(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


@pytest.mark.parametrize(
    "optional",
    [
        [False, False, False],
        [True, False, True],
        [True, False, True, False, True],
        [False, True, False, False],
    ],
)
def test_it_is_the_sum_over_all_paths(optional: list[bool]) -> None:
    log_attention = drawn(len(optional), 6)
    found = forward_sum(
        log_attention[None, None],
        ones(1, len(optional)),
        ones(1, 6),
        torch.tensor([optional]),
    )
    assert float(found) == pytest.approx(naive(log_attention, optional), rel=1e-5)


def test_two_rows_over_two_frames_by_hand() -> None:
    # Frame 0 gives row 0 a share of 3/4, frame 1 gives row 1 a share of 1/2: one path, 3/8.
    attention = torch.tensor([[0.6, 0.4], [0.2, 0.4]])
    found = forward_sum(attention.log()[None, None], ones(1, 2), ones(1, 2), ~ones(1, 2))
    assert float(found) == pytest.approx(-math.log(3 / 8) / 2)


def test_what_is_padded_does_not_count() -> None:
    optional = [True, False, True]
    alone = drawn(1, 2, 3, 5)
    padded = torch.full((1, 2, 5, 9), -1.0)
    padded[:, :, :3, :5] = alone
    found = forward_sum(
        padded,
        torch.arange(5)[None] < 3,
        torch.arange(9)[None] < 5,
        torch.tensor([[*optional, True, False]]),
    )
    expected = forward_sum(alone, ones(1, 3), ones(1, 5), torch.tensor([optional]))
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_it_falls_as_rows_look_in_order() -> None:
    in_order = torch.full((3, 6), 0.01)
    for row in range(3):
        in_order[row, 2 * row : 2 * row + 2] = 0.48
    losses = [
        float(forward_sum(a.log()[None, None], ones(1, 3), ones(1, 6), ~ones(1, 3)))
        for a in (in_order, in_order.flip(0))
    ]
    assert losses[0] < 0.1
    assert losses[1] > 1.0


def test_more_words_than_frames_count_nothing_and_stay_finite() -> None:
    log_attention = drawn(2, 1, 5, 8).requires_grad_()
    frames = torch.tensor([[True] * 8, [True] * 3 + [False] * 5])
    both = forward_sum(log_attention, ones(2, 5), frames, ~ones(2, 5))
    both.backward()  # type: ignore[no-untyped-call]
    alone = forward_sum(log_attention[:1], ones(1, 5), frames[:1], ~ones(1, 5))
    assert float(both.detach()) == pytest.approx(float(alone.detach()))
    assert log_attention.grad is not None
    assert log_attention.grad.isfinite().all()
