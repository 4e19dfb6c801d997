"""The gradient of a loss over a whole batch, encoded in parts (Gao et al. 2021, GradCache).

A contrastive loss needs all pairs at once, but memory may hold the graph of a few clips only:
the parts are encoded without graph, the loss is taken of all vectors, and then each part is
encoded once more and takes its vectors' gradients on. Over processes it is the same: every
process takes the same loss of all vectors, and carries on the gradients of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from tokenalign.errors import TokenAlignError
from trainer.paired.batches import ClipBatch
from trainer.paired.encoded import FILLS, Encoded, encoded_of, join, narrow, real_rows
from trainer.paired.encoding import encode
from trainer.paired.memory import LossOutOfMemory
from trainer.paired.processes import average_gradients, gather, together
from trainer.paired.system import PairedSystem

LossOf = Callable[[Encoded], tuple[Tensor, Mapping[str, Tensor]]]
"""Rows that count to the loss and its parts."""


@dataclass(frozen=True)
class PartwiseGradient:
    """Computes gradients; the optimizer's step is the caller's.

    Attributes:
        fabric: of this process.
        system: whose parameters get gradients.
        loss_of: the loss.
    """

    fabric: Fabric
    system: PairedSystem
    loss_of: LossOf

    def __call__(
        self, batch: ClipBatch, parts: int, *, rows: int, seed: Sequence[int]
    ) -> dict[str, float]:
        """Set the gradients of one batch.

        Args:
            batch: this process's clips.
            parts: how many its clips are encoded in.
            rows: clips of the whole batch; what lies behind are repeats.
            seed: of dropout; each part, over all processes, has a seed of its own.

        Returns:
            The loss and its parts.

        Raises:
            TokenAlignError: none of the whole batch's files could be read.
            torch.OutOfMemoryError: on all processes, if one ran out of memory; no gradients are
                left. `LossOutOfMemory` where it was the loss.
        """
        pieces = batch.split(parts)
        seeds = [(*seed, parts * self.fabric.global_rank + part) for part in range(len(pieces))]
        self.system.zero_grad(set_to_none=True)
        try:
            # A single part keeps its graph, and is not encoded twice.
            keep = len(pieces) == 1
            encoded = together(self.fabric, lambda: self._encode(pieces, seeds, graph=keep))
            mine = join(encoded)
            whole = [
                gather(self.fabric, tensor, fill=fill)
                for tensor, fill in zip(mine.tensors(), FILLS, strict=True)
            ]
            of_clip = [len(tensor) // len(whole[-1]) for tensor in whole]
            figures = self._differentiate(whole, of_clip, rows, seed)
            together(self.fabric, lambda: self._carry_on(pieces, seeds, encoded, whole, of_clip))
            return figures
        except torch.OutOfMemoryError:
            self.system.zero_grad(set_to_none=True)
            raise

    def average(self) -> None:
        """Give all processes the gradient of the whole batch."""
        average_gradients(self.fabric, self.system.parameters())

    def _encode(
        self, pieces: Sequence[ClipBatch], seeds: Sequence[Sequence[int]], *, graph: bool
    ) -> list[Encoded]:
        with torch.set_grad_enabled(graph):
            return [self._part(piece, seed) for piece, seed in zip(pieces, seeds, strict=True)]

    def _part(self, piece: ClipBatch, seed: Sequence[int]) -> Encoded:
        sow(seed)
        with self.fabric.autocast():
            return encode(self.system, piece.to(self.fabric.device))

    def _differentiate(
        self, whole: Sequence[Tensor], of_clip: Sequence[int], rows: int, seed: Sequence[int]
    ) -> dict[str, float]:
        """The loss of all pairs and its parts; leaves their gradients at the vectors."""
        leaves = [t.requires_grad_(t.is_floating_point()) for t in whole]
        counted = encoded_of([t[: rows * per] for t, per in zip(leaves, of_clip, strict=True)])
        sow((*seed, -1))
        if not counted.pairs.real.any():
            raise TokenAlignError(
                "a batch of which none of its files can be read", "check the folder of the sounds"
            )

        def backward() -> dict[str, float]:
            loss, parts = self.loss_of(real_rows(counted))
            loss.backward()  # type: ignore[no-untyped-call]
            return {"loss": loss.item(), **{name: part.item() for name, part in parts.items()}}

        try:
            return together(self.fabric, backward)
        except torch.OutOfMemoryError as error:
            raise LossOutOfMemory(str(error)) from error

    def _carry_on(
        self,
        pieces: Sequence[ClipBatch],
        seeds: Sequence[Sequence[int]],
        encoded: Sequence[Encoded],
        whole: Sequence[Tensor],
        of_clip: Sequence[int],
    ) -> None:
        """Backward through this process's clips, from the gradients of their vectors."""
        cached = [self._own(t, per, pieces) for t, per in zip(whole, of_clip, strict=True)]
        first = 0
        for piece, part_seed, had in zip(pieces, seeds, encoded, strict=True):
            vectors = had if len(pieces) == 1 else self._part(piece, part_seed)
            _carry_part(vectors, cached, of_clip, first)
            first += len(piece.timed)

    def _own(self, leaf: Tensor, per: int, pieces: Sequence[ClipBatch]) -> Tensor | None:
        """The gradient of this process's rows, times the processes, as a mean follows."""
        if leaf.grad is None:
            return None
        own = per * sum(len(piece.timed) for piece in pieces)
        first = own * self.fabric.global_rank
        return leaf.grad[first : first + own] * self.fabric.world_size


def sow(seed: Sequence[int]) -> None:
    """Fix what dropout draws next; any whole numbers, at least -1."""
    words = np.random.SeedSequence([number + 1 for number in seed]).generate_state(1, np.uint64)
    torch.manual_seed(int(words[0]) >> 1)


def _carry_part(
    vectors: Encoded, cached: Sequence[Tensor | None], of_clip: Sequence[int], first: int
) -> None:
    """Backward through one part, from the gradients of its rows."""
    tensors, gradients = [], []
    for tensor, gradient, per in zip(vectors.tensors(), cached, of_clip, strict=True):
        if gradient is not None and tensor.requires_grad:
            own = gradient[first * per : first * per + len(tensor)]
            tensors.append(tensor)
            gradients.append(narrow(own, tensor))
    torch.autograd.backward(tensors, gradients)
