"""Training of text-aligned speech: ``train --system speech``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import click

from trainer.checkpoint import load_average
from trainer.commands.following import paced, tell_step
from trainer.devices import training_device
from trainer.materials import check_materials, write_materials
from trainer.runs import CHECKPOINT, RECIPE, TOKENIZER, kept_recipe
from trainer.speech.batches import Reader, open_split
from trainer.speech.loop import train as run_training
from trainer.speech.recipe import SpeechRecipe, changed_recipe, read_recipe, write_recipe
from trainer.speech.run import build_model, corpus_tokenizer
from trainer.speech.units import read_kind


def train_speech(
    run: Path,
    corpus: Path | None,
    changes: Iterable[tuple[str, str]],
    *,
    encoders: Path,
    start_from: Path | None,
) -> None:
    """Save the recipe and train to its end, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        corpus: prepared, with units.
        changes: settings of the recipe, path and value; a run that has begun takes no others.
        encoders: fetched weights.
        start_from: another run of the same sizes, to begin with its averaged weights.

    Raises:
        click.UsageError: there is no corpus.
        TokenAlignError: the run has begun with another one.
    """
    if corpus is None:
        raise click.UsageError("Missing option '--speech'.")
    units = read_kind(corpus)
    check_materials(run, {"speech": corpus})
    recipe = _recipe(run / RECIPE, list(changes))
    tokenizer = corpus_tokenizer(corpus, recipe)
    model = build_model(
        recipe, vocabulary=tokenizer.get_vocab_size(), units=units.count, cache=encoders
    ).to(training_device())
    if start_from is not None:
        load_average(start_from / CHECKPOINT, model)
    reader = Reader(open_split(corpus, held_out=False), model.encoder, tokenizer)
    write_recipe(recipe, run / RECIPE)
    write_materials(run, {"speech": corpus})
    tokenizer.save(str(run / TOKENIZER))
    for report, step_s in paced(run_training(model, recipe, reader, run)):
        if report.step % 10 == 0 or report.step + 1 == recipe.steps:
            figures = ", ".join(f"{name} {value:.3f}" for name, value in report.parts.items())
            tell_step(report.step, recipe.steps, step_s, figures)


def _recipe(saved: Path, changes: Sequence[tuple[str, str]]) -> SpeechRecipe:
    """The recipe that a run has begun with, or a fresh one."""
    fresh = partial(changed_recipe, changes)
    return kept_recipe(saved, asked=bool(changes), fresh=fresh, read=read_recipe)
