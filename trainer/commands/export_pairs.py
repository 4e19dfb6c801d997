"""Export of a run on captioned clips: the command's side of `trainer.paired.export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tokenalign.errors import TokenAlignError
from trainer.codec import how_stored
from trainer.commands.options import report_progress
from trainer.commands.train_pairs import given_folders
from trainer.paired.recipe import read_recipe
from trainer.paired.splits import validation_clips
from trainer.runs import BEST, RECIPE


def export_paired_run(
    run: Path, data: Sequence[str], encoders: Path, *, name: str, out: Path
) -> None:
    """Make a bundle of a run's best weights, and calibrate it on its validation clips.

    Args:
        run: its folder.
        data: ``NAME=FOLDER``; only the data set that is validated on is read.
        encoders: fetched weights.
        name: the bundle's.
        out: the bundle's folder.
    """
    recipe = read_recipe(run / RECIPE)
    from trainer.paired.calibration import calibrate_pairs  # transformers: slow to import
    from trainer.paired.export import check_searchable, export_pairs
    from trainer.paired.loop import build_system
    from trainer.paired.saving import load_best

    check_searchable(recipe)
    if not (run / BEST).is_file():
        raise TokenAlignError(
            f"{run / BEST}: missing", "train until the first epoch has been validated"
        )
    clips = validation_clips(recipe, given_folders(recipe, data))
    system = build_system(recipe, encoders)
    load_best(run, system)
    bundle, alignment = export_pairs(system.eval(), recipe, name=name, out=out)
    report_progress("graphs written", 3, 3)
    for note in system.matcher.search_differs:
        click.echo(f"note: {note}", err=True)
    bundle = calibrate_pairs(bundle, alignment, clips)
    click.echo(how_stored(bundle), err=True)
    report_progress("calibrated", 1, 1, str(bundle.score_scale))
