"""The training loop of speech: draw a batch, take a step, log, save; resumes where it stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from tokenalign.nn.speech.system import TextAlignedSpeech
from trainer.checkpoint import Checkpoint
from trainer.paired.schedule import rate_share
from trainer.speech.batches import Batch, Reader, training_batch
from trainer.speech.losses import losses, weights
from trainer.speech.recipe import SpeechRecipe
from trainer.speech.run import CHECKPOINT, LOG

SAVE_EVERY = 50


@dataclass(frozen=True)
class StepReport:
    """What one step gave; a line of ``log.jsonl``.

    Attributes:
        step: its number, from 0.
        loss: the weighted sum.
        parts: unweighted, by name.
        seconds: it took.
    """

    step: int
    loss: float
    parts: Mapping[str, float]
    seconds: float


def train(
    model: TextAlignedSpeech, recipe: SpeechRecipe, reader: Reader, run: Path
) -> Iterator[StepReport]:
    """Train to the recipe's last step, from the run's checkpoint if it has one.

    Args:
        model: what is trained, in place.
        recipe: schedule and weights of the losses.
        reader: of the training split.
        run: folder for the checkpoint and the log.
    """
    average = AveragedModel(model, avg_fn=_decayed(recipe.averaging), use_buffers=True)
    optimizer = _optimizer(model, recipe)
    checkpoint = Checkpoint(run / CHECKPOINT, model, average, optimizer)
    model.train()
    for step in range(checkpoint.load(), recipe.steps):
        started = time.perf_counter()
        batch = training_batch(reader, recipe, step)
        loss, parts = _step(step, model, recipe, batch, optimizer)
        average.update_parameters(model)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == recipe.steps:
            checkpoint.save(step + 1)
        report = StepReport(step, loss, parts, round(time.perf_counter() - started, 4))
        with (run / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(report.__dict__) + "\n")
        yield report


def _decayed(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """A moving average that soon forgets the first steps, of which there is little to keep."""

    def average(averaged: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
        kept = min(decay, (1 + int(count)) / (10 + int(count)))
        return averaged + (1 - kept) * (current.to(averaged.dtype) - averaged)

    return average


def _optimizer(model: nn.Module, recipe: SpeechRecipe) -> torch.optim.Optimizer:
    """AdamW; vectors and single numbers do not decay, what is frozen stays out."""
    learned = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))


def _step(
    step: int,
    model: TextAlignedSpeech,
    recipe: SpeechRecipe,
    batch: Batch,
    optimizer: torch.optim.Optimizer,
) -> tuple[float, dict[str, float]]:
    torch.manual_seed(recipe.seed * 1_000_003 + step)  # what is drawn, the same after a resume
    share = rate_share(step, warmup_steps=max(1, recipe.steps // 20), steps=recipe.steps)
    for group in optimizer.param_groups:
        group["lr"] = share * recipe.learning_rate
    parts, weight = losses(model, batch, recipe), weights(recipe)
    loss = torch.stack([weight[name] * part for name, part in parts.items()]).sum()
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return round(loss.item(), 5), {name: round(part.item(), 5) for name, part in parts.items()}
