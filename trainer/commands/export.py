"""``export``: a run's averaged weights become a bundle, calibrated on held-out recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import click

from tokenalign import load_bundle
from tokenalign.audio import FrontEnd
from tokenalign.bundle import Bundle
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.nn.system import CompactSystem
from trainer.bundle_place import bundle_place
from trainer.calibration import calibrate, calibrate_like, rescaled
from trainer.card import add_reranker_to_card, write_card, write_twins_quality
from trainer.checkpoint import load_average
from trainer.codec import add_codec, how_stored
from trainer.commands.export_pairs import export_paired_run
from trainer.commands.export_speech import export_speech_run
from trainer.commands.options import (
    EXISTING,
    FOLDER,
    data_option,
    encoders_option,
    report_progress,
    run_option,
)
from trainer.credits import credits_of
from trainer.distil import load_token_encoder
from trainer.evaluation.protocol import TestSet, encode_test_set
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, draw_scenes, loader
from trainer.export import add_background, export_bundle, sealed
from trainer.lineage import lineage_of
from trainer.materials import check_materials
from trainer.model import build_model
from trainer.recipe import Recipe, read_recipe
from trainer.recordings import esc50_recordings
from trainer.reranker.onto_bundle import with_reranker
from trainer.runs import CHECKPOINT, RECIPE, known_run
from trainer.sounds import training_wordings
from trainer.wordings import load_unknown

BACKGROUND_COUNTS = Counts(single=50, pairs=35, overlap=30)
BACKGROUND_SEED = 99
CODEC_COUNTS = Counts(single=800, pairs=200, overlap=300)
CODEC_SEED = 55
CALIBRATION_COUNTS = Counts(single=100, pairs=80, overlap=60)
CALIBRATION_SEED = 77
"""Another seed than any that figures are reported on, though the recordings are the same."""

VOCABULARY = (
    "about 50 everyday sounds: animals, weather and water, human sounds other than speech, "
    "the house, and the street (ESC-50's classes), and a few rendered ones"
)


@click.command()
@run_option
@click.option("--out", type=FOLDER, required=True, help="Folder of the bundle.")
@click.option("--name", help="The bundle's name.  [default: starter, or the system's or the run's]")
@click.option("--speech", type=EXISTING, help="Speech: corpus that the run was trained on.")
@click.option("--text", type=EXISTING, help="Scenes: token encoder (prepare text).")
@click.option("--esc50", type=EXISTING, help="Scenes: ESC-50's folder (meta/ and audio/).")
@click.option("--fold", default=4, show_default=True, help="Scenes: fold to calibrate on.")
@click.option(
    "--like",
    metavar="BUNDLE",
    help="Scenes: take the calibration of this bundle: one that was trained without the fold.",
)
@click.option(
    "--onto",
    metavar="BUNDLE",
    help="Scenes: add the run's cross-attention to a copy of the bundle that it began with; "
    "libraries stay valid.",
)
@data_option
@encoders_option
def export(
    run: Path,
    out: Path,
    name: str | None,
    speech: Path | None,
    text: Path | None,
    esc50: Path | None,
    fold: int,
    like: str | None,
    onto: str | None,
    data: tuple[str, ...],
    encoders: Path,
) -> None:
    """Make a bundle of a run and calibrate it: a run on scenes (--text, --esc50), or on captioned
    clips (--data, of the data set that it was validated on). A run on speech (--speech) makes a
    bundle that times words.
    """
    kind = known_run(run).kind
    own_name = name or run.resolve().name
    with bundle_place(out) as place:
        if kind == "speech":
            if speech is None:
                raise click.UsageError("Missing option '--speech'.")
            export_speech_run(run, speech, name=own_name, out=place, encoders=encoders)
        elif kind == "pairs":
            export_paired_run(run, data, encoders, name=own_name, out=place)
        elif text is None or esc50 is None:
            raise click.UsageError(f"Missing option '{'--text' if text is None else '--esc50'}'.")
        elif onto is not None:
            _add(run, text, esc50, name=name, fold=fold, like=like, onto=onto, out=place)
        else:
            _export_scenes(run, text, esc50, name=name, fold=fold, like=like, out=place)


class _Trained(NamedTuple):
    """What a run has come to."""

    recipe: Recipe
    system: CompactSystem
    step: int


def _trained(run: Path, text: Path) -> _Trained:
    recipe = read_recipe(run / RECIPE)
    if recipe.tags_alone:
        raise TokenAlignError(
            f"{run}: has taught an audio encoder alone, which knows no captions",
            "begin another run with it (train --start-from), and export that",
        )
    encoder, _ = load_token_encoder(text)
    check_materials(run, {"text": text})
    system = build_model(recipe, encoder.config.hidden_size)
    step = load_average(run / CHECKPOINT, system)
    if step == 0:
        raise TokenAlignError(f"{run}: has not taken a step yet", "train it before it is exported")
    return _Trained(recipe, system.eval(), step)


def _add(
    run: Path,
    text: Path,
    esc50: Path,
    *,
    name: str | None,
    fold: int,
    like: str | None,
    onto: str,
    out: Path,
) -> None:
    before, twin = load_bundle(onto), None if like is None else load_bundle(like).bundle
    if twin is not None and twin.reranking is None:
        raise TokenAlignError(
            f"{like}: has no cross-attention, so its scale is of other scores",
            "give --like a bundle that has one",
        )
    trained = _trained(run, text)
    if twin is None:
        _check_unheard(fold, trained.recipe.folds)
    bundle = with_reranker(before.bundle, trained.system, out)
    bundle = replace(bundle, name=name or bundle.name)
    if twin is not None:
        bundle = sealed(replace(bundle, score_scale=twin.score_scale))
    else:
        test = _held_out(before, esc50, fold)
        bundle = rescaled(before, Model(bundle), test, load_unknown().calibration)
    click.echo(f"calibrated: {bundle.score_scale}", err=True)
    add_reranker_to_card(bundle, trained.recipe, trained.step)
    if twin is not None:
        write_twins_quality(bundle, twin)


def _export_scenes(
    run: Path, text: Path, esc50: Path, *, name: str | None, fold: int, like: str | None, out: Path
) -> None:
    twin = None if like is None else load_bundle(like).bundle
    folds = read_recipe(run / RECIPE).folds
    if twin is None:
        _check_unheard(fold, folds)
    recordings = esc50_recordings(esc50, folds)
    credits_of(esc50, recordings)  # the card comes last: what it will lack is told at once
    recipe, system, step = _trained(run, text)
    taught = list(chain.from_iterable(training_wordings().values()))
    bundle = export_bundle(
        system,
        text_encoder=text,
        known=[*taught, *load_unknown().training],
        taught=len(taught),
        front_end=FrontEnd(),
        name=name or ("starter" if recipe.system == "tokenalign" else recipe.system),
        vocabulary=VOCABULARY,
        folds=recipe.folds,
        out=out,
    )
    report_progress("graphs written, step", step, recipe.steps)
    model = Model(bundle)
    trained_on = loader(recordings)
    stored = draw_scenes(trained_on, CODEC_COUNTS, CODEC_SEED)
    bundle = add_codec(bundle, [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in stored])
    report_progress("frames to fit their codec to, scenes", len(stored), None, how_stored(bundle))
    model = Model(bundle)
    scenes = draw_scenes(trained_on, BACKGROUND_COUNTS, BACKGROUND_SEED)
    bundle = add_background(
        model, [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in scenes]
    )
    report_progress("background scenes", len(scenes), None)
    if twin is not None:
        bundle = calibrate_like(twin, bundle, system.matcher.alignment)
    else:
        bundle = _calibrated(Model(bundle), system.matcher.alignment, esc50, fold)
    click.echo(f"calibrated: {bundle.score_scale}", err=True)
    write_card(bundle, lineage_of(run), esc50)
    if twin is not None:
        write_twins_quality(bundle, twin)


def _check_unheard(fold: int, folds: Sequence[int]) -> None:
    """Thresholds would be too high where all sounds are known by heart."""
    if fold in folds:
        raise TokenAlignError(
            f"fold {fold} cannot be calibrated on: the run was trained on it",
            "give --fold one that it has not heard, or --like a bundle that was trained without it",
        )


def _calibrated(model: Model, alignment: BundleScore, esc50: Path, fold: int) -> Bundle:
    """The bundle, with thresholds from scenes of recordings that it has not heard."""
    return calibrate(model, alignment, _held_out(model, esc50, fold), load_unknown().calibration)


def _held_out(model: Model, esc50: Path, fold: int) -> TestSet:
    """What is calibrated on."""
    sounds = loader(esc50_recordings(esc50, (fold,)))
    return encode_test_set(model, sounds, CALIBRATION_COUNTS, CALIBRATION_SEED)
