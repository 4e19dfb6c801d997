"""Work goes on in smaller pieces where memory runs out, and nothing is done twice or left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch

from trainer.paired.memory import MIB, in_pieces, peak_mib


def fitting(most: int) -> Callable[[Sequence[int]], list[int]]:
    """Work that doubles numbers, and runs out of memory at more than so many at once."""

    def work(numbers: Sequence[int]) -> list[int]:
        if len(numbers) > most:
            raise torch.OutOfMemoryError("tried to allocate too much")
        return [2 * number for number in numbers]

    return work


def test_pieces_are_halved_from_where_memory_runs_out() -> None:
    assert list(in_pieces(fitting(8), range(5), most=4)) == [[0, 2, 4, 6], [8]]
    assert list(in_pieces(fitting(2), range(5), most=8)) == [[0, 2], [4, 6], [8]]
    assert list(in_pieces(fitting(2), [], most=8)) == []


def test_what_does_not_fit_by_itself_is_an_error() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        list(in_pieces(fitting(0), range(5), most=8))


def test_what_fails_in_the_midst_of_the_consumer_is_not_tried_again() -> None:
    pieces = in_pieces(fitting(2), range(4), most=2)
    next(pieces)

    with pytest.raises(torch.OutOfMemoryError):
        pieces.throw(torch.OutOfMemoryError("the consumer's"))  # type: ignore[attr-defined]


def test_memory_is_that_of_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda _device: 3 * MIB + 1)

    assert peak_mib(torch.device("cpu")) is None
    assert peak_mib(torch.device("cuda")) == 3
