"""``evaluate``: the protocol on recordings, captioned data sets, or the demo library."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from tokenalign import load_bundle
from trainer.card import write_quality
from trainer.commands.evaluate_data import measure_data
from trainer.commands.options import EXISTING
from trainer.evaluation.demo import measure_demo
from trainer.evaluation.measuring import measure
from trainer.evaluation.protocol import Row
from trainer.evaluation.scenes import Counts, loader
from trainer.evaluation.storing import measure_storing
from trainer.recordings import esc50_recordings

SEED = 5

EFFECT: Mapping[str, tuple[str, ...]] = {
    "--data": ("split", "audio", "relevance", "detection", "median", "card"),
    "--demo": ("card",),
    "--esc50": ("fold", "seed", "plain", "detection", "median", "card"),
    "--storing": ("fold", "seed", "storing"),
}
"""Which options have an effect on what is measured. A card tells how good a bundle is, and what
storing costs is no answer to that.
"""

OF_SOME = {name for names in EFFECT.values() for name in names}


@click.command()
@click.option("--bundle", default="starter", show_default=True, help="Name or folder.")
@click.option("--esc50", type=EXISTING, help="Measure on ESC-50's recordings in this folder.")
@click.option("--data", metavar="NAME=FOLDER", help="Measure on a captioned data set instead.")
@click.option("--split", default="evaluation", show_default=True, help="Of the data set.")
@click.option("--audio", type=EXISTING, help="Folder of its sounds, when they lie elsewhere.")
@click.option(
    "--relevance",
    type=EXISTING,
    metavar="FILE",
    help="Ask these queries of the data set instead of its captions: query,audio_filenames.",
)
@click.option("--fold", default=4, show_default=True, help="A fold it was not trained on.")
@click.option("--seed", default=SEED, show_default=True, help="Of scenes and captions.")
@click.option("--plain", is_flag=True, help="Name sounds plainly: no paraphrases.")
@click.option(
    "--detection",
    is_flag=True,
    help="Measure PSDS too, on --data of its timed phrases: minutes more.",
)
@click.option(
    "--median",
    default=1,
    show_default=True,
    metavar="FRAMES",
    help="Behind a median filter of so many frames (odd): MGA-CLAP's protocol takes 3.",
)
@click.option("--storing", is_flag=True, help="Measure instead what storing frames costs.")
@click.option("--demo", is_flag=True, help="Measure on the rendered demo library instead.")
@click.option("--card", is_flag=True, help="Write the figures into the bundle's model card.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    bundle: str,
    esc50: Path | None,
    data: str | None,
    split: str,
    audio: Path | None,
    relevance: Path | None,
    fold: int,
    seed: int,
    plain: bool,
    detection: bool,
    median: int,
    storing: bool,
    demo: bool,
    card: bool,
    as_json: bool,
) -> None:
    """Measure a bundle: retrieval, order and its controls, naming, grounding, rejection,
    without, while, unknown sounds; on request sound event detection.
    """
    if [esc50 is not None, data is not None, demo].count(True) != 1:
        raise click.UsageError("give one of --esc50 DIR, --data NAME=FOLDER and --demo")
    if median < 1 or median % 2 == 0 or (median > 1 and not detection):
        raise click.UsageError("--median: must be odd, and goes with --detection")
    what = "--data" if data is not None else "--demo" if demo else "--esc50"
    _refuse_without_effect(context, "--storing" if storing and what == "--esc50" else what)
    model = load_bundle(bundle)
    if data is not None:
        rows = measure_data(
            model,
            data,
            split,
            audio=audio,
            relevance=relevance,
            detection=detection,
            median_frames=median,
        )
        command = f"tokenalign-trainer evaluate --data {data.partition('=')[0]}=DIR --split {split}"
        command += "" if relevance is None else " --relevance FILE"
        command += _detection_options(detection, median)
    elif esc50 is None:
        with tempfile.TemporaryDirectory() as folder:
            rows = list(measure_demo(model, Path(folder)))
        command = "tokenalign-trainer evaluate --demo"
    elif storing:
        rows = list(measure_storing(model, loader(esc50_recordings(esc50, (fold,))), seed))
        command = f"tokenalign-trainer evaluate --esc50 DIR --fold {fold} --seed {seed} --storing"
    else:
        sounds = loader(esc50_recordings(esc50, (fold,)))
        rows = []
        for row in measure(
            model,
            sounds,
            Counts(),
            seed,
            plain=plain,
            detection=detection,
            median_frames=median,
        ):
            rows.append(row)
            click.echo(f"measured: {row.name}", err=True)
        command = f"tokenalign-trainer evaluate --esc50 DIR --fold {fold} --seed {seed}"
        command += " --plain" if plain else ""
        command += _detection_options(detection, median)
    if card:
        write_quality(model.bundle, rows, command)
    _print(rows, as_json)


def _detection_options(detection: bool, median: int) -> str:
    """As they are typed."""
    return (" --detection" if detection else "") + (f" --median {median}" if median > 1 else "")


def _refuse_without_effect(context: click.Context, what: str) -> None:
    """Refuse options that what is measured takes no notice of."""
    for name in sorted(OF_SOME - set(EFFECT[what])):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name}: has no effect with {what}, leave it out")


def _print(rows: Sequence[Row], as_json: bool) -> None:
    if as_json:
        figures = [
            {"name": r.name, "value": r.figure.value, "low": r.figure.low, "high": r.figure.high}
            for r in rows
        ]
        click.echo(json.dumps(figures, indent=2))
        return
    width = max(len(row.name) for row in rows)
    for row in rows:
        figure = row.figure
        click.echo(
            f"{row.name:<{width}}  {figure.value:5.1f}  [{figure.low:.1f}, {figure.high:.1f}]"
        )
