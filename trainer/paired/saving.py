"""Checkpoints of a paired run: the last, to go on from, and the best, to use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from trainer.checkpoint import (
    load_optimizer,
    optimizer_tensors,
    put_weights,
    read_tensors,
    under,
    write_tensors,
)
from trainer.paired.progress import RunProgress
from trainer.runs import BEST, LAST


@dataclass(frozen=True)
class PairedCheckpoint:
    """A run's state on disk and in memory.

    Attributes:
        run: the folder; its files are written whole or not at all.
        system: weights as they are trained.
        optimizer: with its moments.
    """

    run: Path
    system: nn.Module
    optimizer: torch.optim.Optimizer

    def save(self, progress: RunProgress) -> None:
        """Write all that a run goes on from."""
        tensors = {f"model.{k}": v for k, v in self.system.state_dict().items()}
        tensors |= optimizer_tensors(self.optimizer)
        numbers = {f"progress.{k}": v for k, v in _exact(progress).items()}
        write_tensors(tensors | numbers, self.run / LAST)

    def save_best(self) -> None:
        """Write the weights alone."""
        weights = {f"model.{k}": v for k, v in self.system.state_dict().items()}
        write_tensors(weights, self.run / BEST)

    def load(self) -> RunProgress | None:
        """Read back what `save` wrote; None if it never did.

        Raises:
            TokenAlignError: the file cannot be read, or is of a system of other parts or sizes.
        """
        path = self.run / LAST
        if not path.is_file():
            return None
        tensors = read_tensors(path)
        put_weights(under(tensors, "model."), self.system, path)
        load_optimizer(self.optimizer, tensors)
        numbers = {key: value.item() for key, value in under(tensors, "progress.").items()}
        return RunProgress(
            step=int(numbers["step"]),
            parts=int(numbers["parts"]),
            best=numbers["best"],
            best_epoch=int(numbers["best_epoch"]),
            stale_epochs=int(numbers["stale_epochs"]),
        )


def load_best(run: Path, system: nn.Module) -> None:
    """Put a run's best weights into a system of the same recipe.

    Raises:
        TokenAlignError: there are none, they cannot be read, or are of another system.
    """
    path = run / BEST
    put_weights(under(read_tensors(path), "model."), system, path)


def _exact(progress: RunProgress) -> dict[str, torch.Tensor]:
    """Numbers in double precision, which holds them all."""
    return {k: torch.tensor(v, dtype=torch.float64) for k, v in asdict(progress).items()}
