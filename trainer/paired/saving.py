"""Checkpoints of a paired run: the last, to go on from, and the best, to use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from trainer.checkpoint import load_optimizer, migrated, optimizer_tensors, under, write_tensors
from trainer.paired.progress import RunProgress

LAST = "last.safetensors"
BEST = "best.safetensors"


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
        """Read back what `save` wrote; None if it never did."""
        if not (self.run / LAST).is_file():
            return None
        tensors = migrated(load_file(self.run / LAST))
        self.system.load_state_dict(under(tensors, "model."))
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
    """Put a run's best weights into a system of the same recipe."""
    system.load_state_dict(under(migrated(load_file(run / BEST)), "model."))


def _exact(progress: RunProgress) -> dict[str, torch.Tensor]:
    """Numbers in double precision, which holds them all."""
    return {k: torch.tensor(v, dtype=torch.float64) for k, v in asdict(progress).items()}
