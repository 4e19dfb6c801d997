"""Training on scenes that are mixed from recordings: the starter's way."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.nn.matching.systems import System
from trainer.checkpoint import load_average
from trainer.commands.options import report_progress
from trainer.distil import load_token_encoder
from trainer.loop import CHECKPOINT, LOG, StepReport
from trainer.loop import train as run_training
from trainer.losses import losses
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.picture import draw_losses
from trainer.recipe import RECIPES, Recipe, named_recipe, read_recipe, write_recipe
from trainer.sounds import training_source

PICTURE = "losses.png"


def train_on_scenes(
    run: Path, chosen: Recipe, *, sounds: Path, text: Path, start_from: Path | None
) -> None:
    """Train to the end of the recipe, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        chosen: its recipe.
        sounds: sound store.
        text: token encoder.
        start_from: another run, to begin with its averaged weights.
    """
    encoder, tokenizer = load_token_encoder(text)
    source = training_source(sounds, chosen)
    model = build_model(chosen, encoder.config.hidden_size)
    if start_from is not None:
        load_average(start_from / CHECKPOINT, model)
    started = time.monotonic()
    first: int | None = None
    of_batch = partial(losses, model, PhraseBank(encoder, tokenizer))
    for report in run_training(model, chosen, source, of_batch, run):
        first = report.step if first is None else first
        if report.step % 10 == 0 or report.step + 1 == chosen.steps:
            _tell(report, chosen, first, time.monotonic() - started)
    draw_losses(run / LOG, run / PICTURE)


def scenes_recipe(saved: Path, name: str, changes: Iterable[tuple[str, str]]) -> Recipe:
    """The recipe saved with a run, or a fresh one that is saved now."""
    settings = dict(changes)
    if saved.is_file():
        if settings:
            raise TokenAlignError(
                f"{saved}: this run has begun, its recipe stays",
                "start another run in a new folder, or leave out --set",
            )
        return read_recipe(saved)
    recipe = named_recipe(name, settings)
    saved.parent.mkdir(parents=True, exist_ok=True)
    write_recipe(recipe, saved)
    return recipe


def scenes_recipe_of(system: System | None) -> str | None:
    """The name of a system's own recipe."""
    return next((name for name, recipe in RECIPES.items() if recipe.system == system), None)


def _tell(report: StepReport, recipe: Recipe, first: int, elapsed_s: float) -> None:
    done = report.step + 1 - first
    left_min = (recipe.steps - report.step - 1) * elapsed_s / done / 60
    figures = f"loss {report.loss:.3f}, {recipe.batch * done / elapsed_s:.1f} scenes/s"
    report_progress("step", report.step + 1, recipe.steps, f"{figures}, {left_min:.0f} min left")
