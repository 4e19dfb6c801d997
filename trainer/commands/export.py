"""``export``: a run's averaged weights become a bundle, calibrated on held-out recordings."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from tokenalign import load_bundle
from tokenalign.audio import FrontEnd
from tokenalign.bundle import Bundle
from tokenalign.engine import Model
from tokenalign.nn.alignment import Alignment
from trainer.calibration import calibrate, calibrate_like
from trainer.card import write_card, write_twins_quality
from trainer.checkpoint import load_average
from trainer.commands.options import FOLDER, esc50_option, report_progress, run_option, text_option
from trainer.commands.train import RECIPE
from trainer.distil import load_token_encoder
from trainer.evaluation.protocol import encode_test_set
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, draw_scenes, loader
from trainer.export import add_background, export_bundle
from trainer.loop import CHECKPOINT, build_model
from trainer.recipe import read_recipe
from trainer.recordings import esc50_recordings
from trainer.sounds import training_wordings
from trainer.wordings import load_unknown

BACKGROUND_COUNTS = Counts(single=50, pairs=35, overlap=30)
BACKGROUND_SEED = 99
CALIBRATION_COUNTS = Counts(single=100, pairs=80, overlap=60)
CALIBRATION_SEED = 77
"""Another seed than any that figures are reported on, though the recordings are the same."""

VOCABULARY = (
    "about 50 everyday sounds: animals, weather and water, people without speech, "
    "the house, and the street (ESC-50's classes), and a few rendered ones"
)


@click.command()
@run_option
@text_option
@esc50_option
@click.option("--name", default="starter", show_default=True, help="The bundle's name.")
@click.option("--fold", default=4, show_default=True, help="Fold to calibrate on.")
@click.option(
    "--like",
    metavar="BUNDLE",
    help="Take the calibration of this bundle instead: one that was trained without the fold.",
)
@click.option("--out", type=FOLDER, required=True, help="Folder of the bundle.")
def export(
    run: Path, text: Path, esc50: Path, name: str, fold: int, like: str | None, out: Path
) -> None:
    """Make a bundle of a run and calibrate it."""
    twin = None if like is None else load_bundle(like).bundle
    recipe = read_recipe(run / RECIPE)
    encoder, _ = load_token_encoder(text)
    system = build_model(recipe, encoder.config.hidden_size)
    step = load_average(run / CHECKPOINT, system)
    system.eval()
    bundle = export_bundle(
        system,
        text_encoder=text,
        known=[*chain.from_iterable(training_wordings().values()), *load_unknown().training],
        front_end=FrontEnd(),
        name=name,
        vocabulary=VOCABULARY,
        out=out,
    )
    report_progress("graphs written, step", step, recipe.steps)
    model = Model(bundle)
    trained_on = loader(esc50_recordings(esc50, recipe.folds))
    scenes = draw_scenes(trained_on, BACKGROUND_COUNTS, BACKGROUND_SEED)
    bundle = add_background(
        model, [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in scenes]
    )
    report_progress("background scenes", len(scenes), None)
    if twin is not None:
        bundle = calibrate_like(twin, bundle, system.alignment)
    else:
        bundle = _calibrated(Model(bundle), system.alignment, esc50, fold)
    click.echo(f"calibrated: {bundle.score_scale}", err=True)
    write_card(bundle, recipe, step, esc50)
    if twin is not None:
        write_twins_quality(bundle, twin)


def _calibrated(model: Model, alignment: Alignment, esc50: Path, fold: int) -> Bundle:
    """The bundle, with thresholds from scenes of recordings that it has not heard."""
    held_out = loader(esc50_recordings(esc50, (fold,)))
    test = encode_test_set(model, held_out, CALIBRATION_COUNTS, CALIBRATION_SEED)
    return calibrate(model, alignment, test, load_unknown().training)
