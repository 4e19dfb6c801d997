"""Training of speech: a recipe's schedule, average and losses, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from tokenalign.nn.speech.system import TextAlignedSpeech
from trainer.devices import device_of
from trainer.log import StepReport
from trainer.schedule import adamw, rate_at, warmup_of
from trainer.speech.batches import Batch, Reader, training_batch
from trainer.speech.losses import losses, weights
from trainer.speech.recipe import SpeechRecipe
from trainer.steps import Training, take_steps


def train(
    model: TextAlignedSpeech, recipe: SpeechRecipe, reader: Reader, run: Path
) -> Iterator[StepReport]:
    """Train to the recipe's last step, from the run's checkpoint if it has one.

    Args:
        model: what is trained, in place, and on the device where it lies.
        recipe: schedule and weights of the losses.
        reader: of the training split.
        run: folder for the checkpoint and the log.
    """

    def of_step(_: int, batch: Batch) -> tuple[Mapping[str, Tensor], Mapping[str, float]]:
        parts = losses(model, batch.to(device_of(model)), recipe)
        weight = weights(recipe)
        return parts, {name: weight[name] for name in parts}

    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    training = Training(
        model=model,
        average=AveragedModel(model, avg_fn=_decayed(recipe.averaging), use_buffers=True),
        optimizer=adamw(
            [(recipe.learning_rate, learned)], weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
        ),
        steps=recipe.steps,
        seed=recipe.seed,
        rate=partial(_rate, recipe),
        batch=partial(training_batch, reader, recipe),
        losses=of_step,
    )
    yield from take_steps(training, run)


def _rate(recipe: SpeechRecipe, step: int) -> float:
    """The share times the peak: in this order, runs of before go on to the same last bit."""
    share = rate_at(step, warmup_steps=warmup_of(recipe.steps), steps=recipe.steps)
    return share * recipe.learning_rate


def _decayed(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """A moving average that soon forgets the first steps, of which there is little to keep."""

    def average(averaged: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
        kept = min(decay, (1 + int(count)) / (10 + int(count)))
        return averaged + (1 - kept) * (current.to(averaged.dtype) - averaged)

    return average
