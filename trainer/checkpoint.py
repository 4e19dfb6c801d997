"""Checkpoints as safetensors: weights, their moving average, optimiser state and step."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

STEP = "step"


def save_checkpoint(
    path: Path, *, step: int, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write all of a run's state, or leave the last checkpoint as it was."""
    tensors = {f"model.{k}": v for k, v in model.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": value for name, value in state.items()}
    tensors[STEP] = torch.tensor(step)
    temporary = path.with_suffix(".partial")
    save_file({k: v.detach().contiguous().clone() for k, v in tensors.items()}, temporary)
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(path)


def load_checkpoint(
    path: Path, *, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer
) -> int:
    """Read a run's state back into its parts; returns the step it was written at."""
    tensors = load_file(path)
    model.load_state_dict(_under(tensors, "model."))
    average.load_state_dict(_under(tensors, "average."))
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in _under(tensors, "optimizer.").items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
    return int(tensors[STEP].item())


def load_average(path: Path, model: nn.Module) -> int:
    """Read only the averaged weights, which are exported; returns their step."""
    tensors = load_file(path)
    model.load_state_dict(_under(tensors, "average.module."))
    return int(tensors[STEP].item())


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
