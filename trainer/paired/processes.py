"""Several processes that train one model: rows gathered, gradients summed, failures shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from trainer.paired.encoded import widen

T = TypeVar("T")
BUCKET_VALUES = 2**24


def share(count: int, fabric: Fabric) -> list[int]:
    """This process's rows of `count`, equally many on all: the last ones repeat the last row.

    Laid end to end, the processes' rows are all rows in order, and then the repeats.
    """
    each = -(-count // fabric.world_size)
    first = each * fabric.global_rank
    return [min(row, count - 1) for row in range(first, first + each)]


def gather(fabric: Fabric, tensor: Tensor, *, fill: float = 0) -> Tensor:
    """The rows of all processes, in their order, without gradient.

    Args:
        fabric: of this process.
        tensor: equally many rows on all processes; the other axes may differ in length.
        fill: what they are padded with.
    """
    if fabric.world_size == 1:
        return tensor.detach()
    sizes = torch.tensor(tensor.shape[1:], device=tensor.device)
    if len(sizes):
        fabric.all_reduce(sizes, reduce_op="max")
    wide = widen(tensor.detach(), sizes.tolist(), fill).contiguous()
    if not wide.numel():
        return wide.repeat(fabric.world_size, *[1] * (wide.ndim - 1))
    sent = wide.to(torch.uint8) if wide.dtype == torch.bool else wide
    gathered = fabric.all_gather(sent)
    assert isinstance(gathered, Tensor)
    return gathered.flatten(0, 1).to(wide.dtype)


def together(fabric: Fabric, work: Callable[[], T]) -> T:
    """Do each process's own work; where one runs out of memory, none goes on.

    Raises:
        torch.OutOfMemoryError: on all processes, when it was raised on any.
    """
    result: T | None = None
    failure = ""
    try:
        result = work()
    except torch.OutOfMemoryError as error:
        failure = str(error) or "out of memory"
    failed = torch.tensor(float(bool(failure)), device=fabric.device)
    if fabric.world_size > 1:
        fabric.all_reduce(failed, reduce_op="max")
    if failed:
        raise torch.OutOfMemoryError(failure or "another process ran out of memory")
    return result  # type: ignore[return-value]  # set, as nothing failed


def average_gradients(fabric: Fabric, parameters: Iterable[nn.Parameter]) -> None:
    """Mean over processes of all gradients, in place; the same parameters have one on all."""
    if fabric.world_size == 1:
        return
    for bucket in _buckets([p.grad for p in parameters if p.grad is not None]):
        flat = torch.cat([gradient.flatten() for gradient in bucket])
        fabric.all_reduce(flat, reduce_op="mean")
        first = 0
        for gradient in bucket:
            gradient.copy_(flat[first : first + gradient.numel()].view_as(gradient))
            first += gradient.numel()


def _buckets(gradients: Iterable[Tensor]) -> Iterator[list[Tensor]]:
    """Few large messages instead of many small ones."""
    bucket: list[Tensor] = []
    for gradient in gradients:
        bucket.append(gradient)
        if sum(member.numel() for member in bucket) >= BUCKET_VALUES:
            yield bucket
            bucket = []
    if bucket:
        yield bucket


def gather_texts(fabric: Fabric, texts: tuple[str, ...]) -> tuple[str, ...]:
    """What all processes have to say, each thing once."""
    if fabric.world_size == 1:
        return texts
    of_all: list[tuple[str, ...]] = [()] * fabric.world_size
    torch.distributed.all_gather_object(of_all, texts)
    return tuple(dict.fromkeys(text for of_one in of_all for text in of_one))
