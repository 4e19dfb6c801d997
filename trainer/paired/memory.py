"""Memory: how much of a device is used at most, and work that goes on where it runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")
MIB = 2**20


class LossOutOfMemory(torch.OutOfMemoryError):
    """The loss over all pairs did not fit: encoding fewer clips at once is no help."""


def begin_peak(device: torch.device) -> None:
    """Have `peak_mib` tell of what comes from now on."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_mib(device: torch.device) -> int | None:
    """The most memory in MiB that tensors took on a CUDA device; None on others."""
    if device.type != "cuda":
        return None
    return round(torch.cuda.max_memory_allocated(device) / MIB)


def release() -> None:
    """Give back what failed work has left behind; call it outside of the handler of its error."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def in_pieces(work: Callable[[Sequence[T]], R], items: Sequence[T], *, most: int) -> Iterator[R]:
    """Work on a few items at a time, in order; on half as many from where memory runs out.

    Args:
        work: what one piece gives.
        items: all of them.
        most: in a piece, at first.

    Raises:
        torch.OutOfMemoryError: an item by itself does not fit.
    """
    first = 0
    while first < len(items):
        try:
            done = work(items[first : first + most])
        except torch.OutOfMemoryError:
            if most == 1:
                raise
        else:
            yield done
            first += most
            continue
        release()  # out of the handler, where what failed is free
        most //= 2
