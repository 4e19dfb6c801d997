"""The training loop: draw a batch, take a step, log, save; resumes where it stopped."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from trainer.batches import Batch, BatchSource
from trainer.checkpoint import Checkpoint
from trainer.recipe import Recipe

CHECKPOINT = "checkpoint.safetensors"
LOG = "log.jsonl"
SAVE_EVERY = 50


Losses = Callable[[Recipe, Batch], Mapping[str, Tensor]]
"""Parts of the loss on a batch, unweighted, by their names in `Recipe.loss_weights`, for what the
recipe asks for at this step; what has no weight there is only told.
"""


@dataclass(frozen=True)
class StepReport:
    """What one step gave.

    Attributes:
        step: its number, from 0.
        loss: all parts by their weights.
        seconds: that it took, without drawing its batch.
        parts: each part of the loss that has a weight, and what a matcher tells besides.
    """

    step: int
    loss: float
    seconds: float
    parts: Mapping[str, float]

    def line(self) -> str:
        """The step as a line of the log, JSON."""
        own = {"step": self.step, "loss": self.loss, "seconds": self.seconds}
        return json.dumps(own | dict(self.parts)) + "\n"


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear rise over the first twentieth, then half a cosine."""
    rise = max(1, recipe.steps // 20)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    done = (step - rise) / max(1, recipe.steps - rise)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def _optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; vectors and single numbers (norms, calibrations) do not decay."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate)


def train(
    model: nn.Module, recipe: Recipe, source: BatchSource, losses: Losses, run: Path
) -> Iterator[StepReport]:
    """Train to the recipe's last step, from the run's checkpoint if it has one.

    Args:
        model: what is trained, in place.
        recipe: schedule and weights of the losses.
        source: batches by number.
        losses: of the model on a batch.
        run: folder for the checkpoint and the log.
    """
    decayed = get_ema_multi_avg_fn(recipe.averaging)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=decayed, use_buffers=True)
    optimizer = _optimizer(model, recipe)
    checkpoint = Checkpoint(run / CHECKPOINT, model, average, optimizer)
    first = checkpoint.load()
    model.train()
    for step in range(first, recipe.steps):
        report = _step(step, model, recipe, losses, source.batch(step), optimizer)
        average.update_parameters(model)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == recipe.steps:
            checkpoint.save(step + 1)
        with (run / LOG).open("a") as log:
            log.write(report.line())
        yield report


def _step(
    step: int,
    model: nn.Module,
    recipe: Recipe,
    losses: Losses,
    batch: Batch,
    optimizer: torch.optim.Optimizer,
) -> StepReport:
    started = time.perf_counter()
    torch.manual_seed(recipe.seed * 1_000_003 + step)  # dropout, the same after a resume
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(recipe, step)
    asked = recipe.at(step)
    parts = losses(asked, batch)
    weighted = [weight * parts[name] for name, weight in asked.loss_weights.items()]
    loss = torch.stack(weighted).sum()
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return StepReport(
        step=step,
        loss=round(loss.item(), 5),
        seconds=round(time.perf_counter() - started, 4),
        parts={name: round(part.item(), 5) for name, part in parts.items()},
    )
