"""Checkpoints as safetensors: weights, their moving average, optimiser state and step."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

STEP = "step"


@dataclass(frozen=True)
class Checkpoint:
    """A run's state on disk and in memory.

    Attributes:
        path: the file; written whole or not at all.
        model: weights as they are trained.
        average: their moving average.
        optimizer: with its moments.
    """

    path: Path
    model: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer

    def save(self, step: int) -> None:
        """Write everything, or leave the last checkpoint as it was."""
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{name}": value for name, value in state.items()}
        tensors[STEP] = torch.tensor(step)
        temporary = self.path.with_suffix(".partial")
        save_file({k: v.detach().contiguous().clone() for k, v in tensors.items()}, temporary)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(self.path)

    def load(self) -> int:
        """Read the state back into its parts; returns the step it was written at, 0 if never."""
        if not self.path.is_file():
            return 0
        tensors = load_file(self.path)
        self.model.load_state_dict(_under(tensors, "model."))
        self.average.load_state_dict(_under(tensors, "average."))
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _under(tensors, "optimizer.").items():
            index, name = key.split(".", 1)
            state.setdefault(int(index), {})[name] = value
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})
        return int(tensors[STEP].item())


def load_average(path: Path, model: nn.Module) -> int:
    """Read only the averaged weights, which are exported; returns their step."""
    tensors = load_file(path)
    model.load_state_dict(_under(tensors, "average.module."))
    return int(tensors[STEP].item())


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
