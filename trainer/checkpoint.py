"""Checkpoints as safetensors: weights, their moving average, optimiser state and step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from tokenalign.durable import put_in_place
from tokenalign.errors import TokenAlignError

STEP = "step"
AVERAGE = "average.module."
"""What the names of the averaged weights begin with."""


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
        tensors |= optimizer_tensors(self.optimizer)
        tensors[STEP] = torch.tensor(step)
        write_tensors(tensors, self.path)

    def load(self) -> int:
        """Read the state back into its parts; returns the step it was written at, 0 if never.

        Raises:
            TokenAlignError: the file cannot be read, or is of a system of other parts or sizes.
        """
        if not self.path.is_file():
            return 0
        tensors = read_tensors(self.path)
        put_weights(under(tensors, "model."), self.model, self.path)
        put_weights(under(tensors, "average."), self.average, self.path)
        load_optimizer(self.optimizer, tensors)
        return int(tensors[STEP].item())


def load_average(path: Path, model: nn.Module) -> int:
    """Read only the averaged weights, which are exported; returns their step.

    Raises:
        TokenAlignError: there is no such file, it cannot be read, or it is of a system of other
            parts or sizes.
    """
    tensors = read_tensors(path)
    put_weights(under(tensors, AVERAGE), model, path)
    return int(tensors[STEP].item())


def saved_step(path: Path) -> int:
    """The step that a checkpoint was written at.

    Raises:
        TokenAlignError: there is no such file, or it cannot be read.
    """
    with _readable(path), safe_open(path, framework="pt") as file:
        return int(file.get_tensor(STEP).item())


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint, under the names that a system has now.

    Raises:
        TokenAlignError: there is no such file, or it cannot be read.
    """
    with _readable(path):
        return migrated(load_file(path))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tell what to do about a file that is not there, or cannot be read."""
    if not path.is_file():
        raise TokenAlignError(
            f"{path}: missing", "give a run that has saved its weights, or train this one further"
        )
    try:
        yield
    except (OSError, SafetensorError) as wrong:
        raise TokenAlignError(
            f"{path}: cannot be read ({wrong})", "put back a copy of it, or start a new run"
        ) from wrong


def put_weights(weights: Mapping[str, Tensor], module: nn.Module, path: Path) -> None:
    """Give a module the weights of a file.

    Raises:
        TokenAlignError: they are not those of its parts, or of other sizes.
    """
    try:
        module.load_state_dict(weights)
    except RuntimeError as wrong:
        raise TokenAlignError(
            f"{path}: holds no weights of this system in these sizes "
            f"({_first_difference(weights, module.state_dict())})",
            "give a run of the same system, with the sizes of this recipe",
        ) from wrong


def _first_difference(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> str:
    """What stands in the way, by the first name of its kind."""
    for name, tensor in wanted.items():
        if name not in found:
            return f"{name} is missing"
        if found[name].shape != tensor.shape:
            return f"{name} is {[*found[name].shape]}, not {[*tensor.shape]}"
    surplus = [name for name in found if name not in wanted]
    return f"{surplus[0]} belongs to no part" if surplus else "they do not fit"


def migrated(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of a checkpoint or a bundle under the names that a system has now.

    What is ``matcher.…`` now was called ``levels.…`` while there was one system only, and before
    that its alignment lay in the system directly, as ``alignment.…``. What a comparison does not
    train lay in a wrapper, as ``module.…``. The optimiser's state goes by number, and the numbers
    are the same.
    """
    renamings = (
        (r"^(model\.|average\.module\.|)levels\.", r"\1matcher."),
        (r"^(model\.|average\.module\.|)alignment\.", r"\1matcher.alignment."),
        (r"^(.*audio\.(?:normalise|trunk))\.module\.", r"\1."),
    )
    named = {name: name for name in tensors}
    for before, now in renamings:
        named = {name: re.sub(before, now, called) for name, called in named.items()}
    return {called: tensors[name] for name, called in named.items()}


def write_tensors(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Write a file of tensors whole, or leave the one that is there as it was.

    Raises:
        TokenAlignError: the disk does not take it.
    """
    temporary = path.with_suffix(".partial")
    try:
        save_file({k: v.detach().contiguous().clone() for k, v in tensors.items()}, temporary)
    except SafetensorError as wrong:
        temporary.unlink(missing_ok=True)  # on a full disk it stands in the way
        raise TokenAlignError(
            f"{path}: cannot be written ({wrong})",
            "make room on the disk, then run the same command again; a run goes on from the last "
            "checkpoint",
        ) from wrong
    put_in_place(temporary, path)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimizer's moments, by name."""
    return {
        f"optimizer.{index}.{name}": value
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }


def load_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Read back what `optimizer_tensors` gave; other tensors are passed over."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in under(tensors, "optimizer.").items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose name begins so, without the beginning."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
