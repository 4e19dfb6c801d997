"""Training of text-aligned speech: ``train --system speech``."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import click

from tokenalign.errors import TokenAlignError
from trainer.checkpoint import load_average
from trainer.commands.options import report_progress
from trainer.speech.batches import Reader, open_split
from trainer.speech.loop import StepReport
from trainer.speech.loop import train as run_training
from trainer.speech.recipe import SpeechRecipe, changed_recipe, read_recipe, write_recipe
from trainer.speech.run import CHECKPOINT, RECIPE, TOKENIZER, build_model, corpus_tokenizer
from trainer.speech.units import read_kind


def train_speech(
    run: Path,
    corpus: Path | None,
    changes: Iterable[tuple[str, str]],
    *,
    encoders: Path,
    start_from: Path | None,
) -> None:
    """Train to the end of the recipe, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        corpus: prepared, with units.
        changes: settings of the recipe, path and value; only when a run begins.
        encoders: fetched weights.
        start_from: another run of the same sizes, to begin with its averaged weights.

    Raises:
        click.UsageError: there is no corpus.
    """
    if corpus is None:
        raise click.UsageError("Missing option '--speech'.")
    units = read_kind(corpus)
    recipe = _recipe(run / RECIPE, list(changes))
    tokenizer = corpus_tokenizer(corpus, recipe)
    tokenizer.save(str(run / TOKENIZER))
    model = build_model(
        recipe, vocabulary=tokenizer.get_vocab_size(), units=units.count, cache=encoders
    )
    if start_from is not None:
        load_average(start_from / CHECKPOINT, model)
    reader = Reader(open_split(corpus, held_out=False), model.encoder, tokenizer)
    started = time.monotonic()
    for done, report in enumerate(run_training(model, recipe, reader, run), start=1):
        if report.step % 10 == 0 or report.step + 1 == recipe.steps:
            _tell(report, recipe, (time.monotonic() - started) / done)


def _recipe(saved: Path, changes: list[tuple[str, str]]) -> SpeechRecipe:
    """The recipe saved with a run, or a fresh one that is saved now."""
    if saved.is_file():
        if changes:
            raise TokenAlignError(
                f"{saved}: this run has begun, its recipe stays",
                "start another run in a new folder, or leave out --set",
            )
        return read_recipe(saved)
    recipe = changed_recipe(changes)
    saved.parent.mkdir(parents=True, exist_ok=True)
    write_recipe(recipe, saved)
    return recipe


def _tell(report: StepReport, recipe: SpeechRecipe, step_s: float) -> None:
    left_min = (recipe.steps - report.step - 1) * step_s / 60
    parts = ", ".join(f"{name} {value:.3f}" for name, value in report.parts.items())
    report_progress("step", report.step + 1, recipe.steps, f"{parts}; {left_min:.0f} min left")
