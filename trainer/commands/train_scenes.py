"""Training on scenes that are mixed from recordings: the starter's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import click

from tokenalign.errors import TokenAlignError
from tokenalign.nn.system import CompactSystem
from trainer.commands.following import paced, tell_step
from trainer.devices import training_device
from trainer.distil import load_token_encoder
from trainer.lineage import write_lineage
from trainer.log import StepReport
from trainer.loop import train as run_training
from trainer.losses import losses
from trainer.materials import check_materials, write_materials
from trainer.mixtures import MixtureSource
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.picture import draw_losses
from trainer.pretraining import build_tagger, tagging_losses
from trainer.recipe import RECIPES, Recipe, named_recipe, read_recipe, write_recipe
from trainer.recordings import SoundStore
from trainer.reranker.alone import RERANKER, learn_reranker_alone
from trainer.runs import CHECKPOINT, LOG, PICTURE, RECIPE, kept_recipe
from trainer.sounds import training_source
from trainer.starting import check_heard, start_from


def train_on_scenes(
    run: Path, chosen: Recipe, *, sounds: Path, text: Path, begins_with: Path | None
) -> None:
    """Save the recipe and train to its end, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        chosen: its recipe.
        sounds: sound store.
        text: token encoder.
        begins_with: another run or a bundle, whose weights it begins with.

    Raises:
        TokenAlignError: the run has begun with another token encoder or sound store; a
            cross-attention would begin alone, beside encoders that know nothing.
    """
    encoder, tokenizer = load_token_encoder(text)
    source = training_source(sounds, chosen)
    materials = {"text": text, "sounds": sounds}
    check_materials(run, materials)
    device = training_device()
    model = build_model(chosen, encoder.config.hidden_size).to(device)
    _begin(model, chosen, run, begins_with)
    write_lineage(run, begins_with)
    write_recipe(chosen, run / RECIPE)
    write_materials(run, materials)
    of_batch = partial(losses, model, PhraseBank(encoder.to(device), tokenizer))
    _follow(run_training(model, chosen, source, of_batch, run), chosen, run)


def teach_ears(run: Path, chosen: Recipe, *, sounds: Path, begins_with: Path | None) -> None:
    """Save the recipe and teach an audio encoder alone, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        chosen: its recipe, by which tags are told alone.
        sounds: sound store.
        begins_with: another such run, whose weights it begins with.

    Raises:
        TokenAlignError: the run has begun with another sound store.
    """
    store = SoundStore(sounds, chosen.folds)
    check_materials(run, {"sounds": sounds})
    tagger = build_tagger(chosen, len(store.labels)).to(training_device())
    if begins_with is not None:
        start_from(begins_with, tagger)
        check_heard(begins_with, chosen.folds)
    write_lineage(run, begins_with)
    write_recipe(chosen, run / RECIPE)
    write_materials(run, {"sounds": sounds})
    source = MixtureSource(store, chosen.batch, chosen.seed)
    of_batch = partial(tagging_losses, tagger)
    _follow(run_training(tagger, chosen, source, of_batch, run), chosen, run)


def _follow(reports: Iterator[StepReport], chosen: Recipe, run: Path) -> None:
    """Tell every tenth step, and draw the losses at the end."""
    drawn = "mixtures" if chosen.tags_alone else "scenes"
    for report, step_s in paced(reports):
        if report.step % 10 == 0 or report.step + 1 == chosen.steps:
            figures = f"loss {report.loss:.3f}, {chosen.batch / step_s:.1f} {drawn}/s"
            tell_step(report.step, chosen.steps, step_s, figures)
    draw_losses(run / LOG, run / PICTURE)


def _begin(model: CompactSystem, chosen: Recipe, run: Path, begins_with: Path | None) -> None:
    """Give the model what it begins with; a run that goes on has that in its checkpoint."""
    if begins_with is not None:
        fresh = RERANKER if chosen.reranker_alone else None
        start_from(begins_with, model, fresh=fresh, tell=partial(click.echo, err=True))
        if not chosen.reranker_alone:  # it is added to the bundle that it begins with
            check_heard(begins_with, chosen.folds)
    elif chosen.reranker_alone and not (run / CHECKPOINT).is_file():
        raise TokenAlignError(
            "a cross-attention is trained alone beside encoders that have learned already",
            "give the run or the bundle that they are from with --start-from",
        )
    if chosen.reranker_alone:
        learn_reranker_alone(model)


def scenes_recipe(
    saved: Path, name: str, changes: Iterable[tuple[str, str]], *, asked: bool
) -> Recipe:
    """The recipe that a run has begun with, or a fresh one; arguments as of `kept_recipe`.

    Raises:
        TokenAlignError: a run that has begun is asked for another recipe.
    """
    fresh = partial(named_recipe, name, dict(changes))
    return kept_recipe(saved, asked=asked, fresh=fresh, read=read_recipe)


def scenes_recipe_of(system: str | None) -> str | None:
    """The name of a system's own recipe."""
    return next((name for name, recipe in RECIPES.items() if recipe.system == system), None)
