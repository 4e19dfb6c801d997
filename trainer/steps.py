"""Training step by step: draw a batch, take a step, log, save; resumes where it stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from tokenalign.errors import TokenAlignError
from trainer.checkpoint import Checkpoint
from trainer.log import Log, StepReport
from trainer.runs import CHECKPOINT

SAVE_EVERY = 50

B = TypeVar("B")


@dataclass(frozen=True, kw_only=True)
class Training(Generic[B]):
    """What a run does.

    Attributes:
        model: what is trained, in place.
        average: the moving average of its weights.
        optimizer: of its parameters.
        steps: how many.
        seed: of what a step draws, such as dropout.
        rate: learning rate of a step.
        batch: of a step, always the same one.
        losses: of a step on its batch: parts, unweighted, and the weights of those that count;
            the others are only told.
    """

    model: nn.Module
    average: AveragedModel
    optimizer: torch.optim.Optimizer
    steps: int
    seed: int
    rate: Callable[[int], float]
    batch: Callable[[int], B]
    losses: Callable[[int, B], tuple[Mapping[str, Tensor], Mapping[str, float]]]


def take_steps(training: Training[B], run: Path) -> Iterator[StepReport]:
    """Train to the last step, from the run's checkpoint if it has one.

    Args:
        training: what to do.
        run: folder for the checkpoint and the log.

    Raises:
        TokenAlignError: a loss or its gradient is not a number; the checkpoint stays as it was.
    """
    checkpoint = Checkpoint(run / CHECKPOINT, training.model, training.average, training.optimizer)
    first = checkpoint.load()
    if first >= training.steps:
        return
    if not checkpoint.path.is_file():  # what it begins with may be another run's: kept from now on
        checkpoint.save(first)
    log = Log(run, first_step=first)
    training.model.train()
    numbers = range(first, training.steps)
    for step, batch in zip(numbers, _drawn_ahead(training.batch, numbers), strict=True):
        report = _step(step, batch, training)
        training.average.update_parameters(training.model)
        log.write(report.line())  # before saving: no step is saved that is not written down
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == training.steps:
            checkpoint.save(step + 1)
        yield report


def _drawn_ahead(batch: Callable[[int], B], numbers: range) -> Iterator[B]:
    """The batches of these numbers, each drawn while the step before it is calculated."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="batches") as drawer:
        coming = drawer.submit(batch, numbers.start)
        for following in numbers[1:]:
            drawn, coming = coming.result(), drawer.submit(batch, following)
            yield drawn
        yield coming.result()


def _step(step: int, batch: B, training: Training[B]) -> StepReport:
    started = time.perf_counter()
    torch.manual_seed(training.seed * 1_000_003 + step)  # what is drawn, the same after a resume
    for group in training.optimizer.param_groups:
        group["lr"] = training.rate(step)
    parts, weights = training.losses(step, batch)
    loss = torch.stack([weight * parts[name] for name, weight in weights.items()]).sum()
    training.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    clip_gradient(training.model, loss.item(), step)
    training.optimizer.step()
    return StepReport(
        step=step,
        loss=round(loss.item(), 5),
        seconds=round(time.perf_counter() - started, 4),
        parts={name: round(part.item(), 5) for name, part in parts.items()},
    )


def clip_gradient(model: nn.Module, loss: float, step: int) -> None:
    """Scale the gradient of a step down to norm 1 at most, before the optimizer takes it.

    Raises:
        TokenAlignError: the loss or the gradient is not a number; scaled by such a norm, all
            weights would be none.
    """
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    if not math.isfinite(loss):
        raise diverged(f"step {step}: the loss is not a number")
    if not norm.isfinite():
        raise diverged(f"step {step}: the gradient is not a number")


def diverged(what: str) -> TokenAlignError:
    """What to do where a training no longer gives numbers."""
    return TokenAlignError(
        what,
        "run again to go on from the last checkpoint; if it happens again, start another run with "
        "lower learning rates",
    )
