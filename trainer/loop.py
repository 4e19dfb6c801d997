"""Training on scenes and mixtures: a recipe's schedule, average and losses, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from trainer.batches import Batch
from trainer.devices import device_of
from trainer.log import StepReport
from trainer.mixtures import Mixtures
from trainer.recipe import Recipe
from trainer.schedule import adamw, rate_at, warmup_of
from trainer.steps import Training, take_steps

Data = TypeVar("Data", Batch, Mixtures)
Made = TypeVar("Made", covariant=True)


class Source(Protocol[Made]):
    """What makes a step's data from its number, always the same."""

    def batch(self, number: int, /) -> Made:
        """The data of a step."""
        ...


Losses = Callable[[Recipe, Data], Mapping[str, Tensor]]
"""Parts of the loss on a batch, unweighted, by their names in `Recipe.loss_weights`, for what the
recipe asks for at this step; what has no weight there is only told.
"""


def train(
    model: nn.Module, recipe: Recipe, source: Source[Data], losses: Losses[Data], run: Path
) -> Iterator[StepReport]:
    """Train to the recipe's last step, from the run's checkpoint if it has one.

    Args:
        model: what is trained, in place, and on the device where it lies.
        recipe: schedule and weights of the losses.
        source: batches by number.
        losses: of the model on a batch.
        run: folder for the checkpoint and the log.
    """

    def of_step(step: int, batch: Data) -> tuple[Mapping[str, Tensor], Mapping[str, float]]:
        asked = recipe.at(step)
        return losses(asked, batch.to(device_of(model))), asked.loss_weights

    decayed = get_ema_multi_avg_fn(recipe.averaging)  # type: ignore[no-untyped-call]
    training = Training(
        model=model,
        average=AveragedModel(model, multi_avg_fn=decayed, use_buffers=True),
        optimizer=adamw(
            [(recipe.learning_rate, model.parameters())], weight_decay=recipe.weight_decay
        ),
        steps=recipe.steps,
        seed=recipe.seed,
        rate=partial(
            rate_at,
            warmup_steps=warmup_of(recipe.steps),
            steps=recipe.steps,
            peak=recipe.learning_rate,
        ),
        batch=source.batch,
        losses=of_step,
    )
    yield from take_steps(training, run)
