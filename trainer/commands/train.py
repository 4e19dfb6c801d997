"""``train``: run a recipe to its end, from its checkpoint if it has one."""

from __future__ import annotations

import time
from pathlib import Path

import click

from tokenalign.errors import TokenAlignError
from trainer.batches import BatchSource
from trainer.checkpoint import load_average
from trainer.commands.options import EXISTING, report_progress, run_option, text_option
from trainer.distil import load_token_encoder
from trainer.loop import CHECKPOINT, LOG, StepReport, build_model
from trainer.loop import train as run_training
from trainer.phrases import PhraseBank
from trainer.picture import draw_losses
from trainer.recipe import Recipe, named_recipe, read_recipe, write_recipe
from trainer.recordings import SoundStore
from trainer.sounds import training_wordings
from trainer.wordings import load_templates, load_unknown

RECIPE = "recipe.json"
PICTURE = "losses.png"


@click.command()
@run_option
@click.option("--sounds", type=EXISTING, required=True, help="Sound store (prepare sounds).")
@text_option
@click.option("--recipe", default="starter", show_default=True, help="Which recipe to start.")
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a number of the recipe."
)
@click.option(
    "--start-from", type=EXISTING, metavar="RUN", help="Begin with another run's averaged weights."
)
def train(
    run: Path,
    sounds: Path,
    text: Path,
    recipe: str,
    changes: tuple[str, ...],
    start_from: Path | None,
) -> None:
    """Train a model. Run it again to go on after an interruption."""
    chosen = _recipe_of(run, recipe, changes)
    encoder, tokenizer = load_token_encoder(text)
    store = SoundStore(sounds, chosen.folds)
    source = BatchSource(
        store=store,
        wordings=training_wordings(),
        templates=load_templates().training,
        unknown=load_unknown().training,
        size=chosen.batch,
        unknown_probes=chosen.unknown_probes,
        seed=chosen.seed,
    )
    model = build_model(chosen, encoder.config.hidden_size)
    if start_from is not None:
        load_average(start_from / CHECKPOINT, model)
    started = time.monotonic()
    first: int | None = None
    for report in run_training(model, chosen, source, PhraseBank(encoder, tokenizer), run):
        first = report.step if first is None else first
        if report.step % 10 == 0 or report.step + 1 == chosen.steps:
            _tell(report, chosen, first, time.monotonic() - started)
    draw_losses(run / LOG, run / PICTURE)


def _recipe_of(run: Path, name: str, changes: tuple[str, ...]) -> Recipe:
    """The recipe saved with a run, or a fresh one that is saved now."""
    saved = run / RECIPE
    if saved.is_file():
        if changes:
            raise TokenAlignError(
                f"{saved}: this run has begun, its recipe stays",
                "start another run in a new folder, or leave out --set",
            )
        return read_recipe(saved)
    pairs = [change.partition("=") for change in changes]
    recipe = named_recipe(name, {key: value for key, _, value in pairs})
    run.mkdir(parents=True, exist_ok=True)
    write_recipe(recipe, saved)
    return recipe


def _tell(report: StepReport, recipe: Recipe, first: int, elapsed_s: float) -> None:
    done = report.step + 1 - first
    left_min = (recipe.steps - report.step - 1) * elapsed_s / done / 60
    figures = f"loss {report.loss:.3f}, {recipe.batch * done / elapsed_s:.1f} scenes/s"
    report_progress("step", report.step + 1, recipe.steps, f"{figures}, {left_min:.0f} min left")
