"""``evaluate``: the protocol on recordings, captioned data sets, or the demo library."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from tokenalign import load_bundle
from tokenalign.bundle import Bundle
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from trainer.card import write_quality
from trainer.commands.evaluate_data import measure_data
from trainer.commands.options import EXISTING
from trainer.evaluation.demo import measure_demo
from trainer.evaluation.filtering import Filtering
from trainer.evaluation.measuring import measure
from trainer.evaluation.protocol import Row, Sounds
from trainer.evaluation.scenes import Counts, loader
from trainer.evaluation.storing import measure_storing
from trainer.recordings import esc50_recordings

SEED = 5


@dataclass(frozen=True)
class Asked:
    """What is to be measured; names and meaning are those of the options."""

    esc50: Path | None
    data: str | None
    split: str
    audio: Path | None
    relevance: Path | None
    fold: int
    seed: int
    plain: bool
    detection: bool
    median: int
    gap: float
    storing: bool
    demo: bool

    @property
    def way(self) -> str:
        """The key of `WAYS` that it is measured by."""
        if self.data is not None:
            return "--data"
        if self.demo:
            return "--demo"
        return "--storing" if self.storing else "--esc50"

    @property
    def filtering(self) -> Filtering:
        """Of the scores that PSDS is measured on."""
        return Filtering(median_frames=self.median, longest_gap_s=self.gap)

    def recordings(self) -> Sounds:
        """Of the fold."""
        assert self.esc50 is not None  # one of the three is given, and neither of the others
        return loader(esc50_recordings(self.esc50, (self.fold,)))


@dataclass(frozen=True)
class Measured:
    """Figures, and the options that make them."""

    rows: Sequence[Row]
    command: str


def _on_data(model: Model, asked: Asked) -> Measured:
    assert asked.data is not None
    rows = measure_data(
        model,
        asked.data,
        asked.split,
        audio=asked.audio,
        relevance=asked.relevance,
        detection=asked.detection,
        filtering=asked.filtering,
    )
    command = f"--data {asked.data.partition('=')[0]}=DIR --split {asked.split}"
    command += "" if asked.relevance is None else " --relevance FILE"
    return Measured(rows, command + _detection_options(asked))


def _on_demo(model: Model, _: Asked) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        return Measured(list(measure_demo(model, Path(folder))), "--demo")


def _on_recordings(model: Model, asked: Asked) -> Measured:
    rows = []
    for row in measure(
        model,
        asked.recordings(),
        Counts(),
        asked.seed,
        plain=asked.plain,
        detection=asked.detection,
        filtering=asked.filtering,
    ):
        rows.append(row)
        click.echo(f"measured: {row.name}", err=True)
    command = f"--esc50 DIR --fold {asked.fold} --seed {asked.seed}"
    command += " --plain" if asked.plain else ""
    return Measured(rows, command + _detection_options(asked))


def _on_storing(model: Model, asked: Asked) -> Measured:
    rows = list(measure_storing(model, asked.recordings(), asked.seed))
    return Measured(rows, f"--esc50 DIR --fold {asked.fold} --seed {asked.seed} --storing")


def _detection_options(asked: Asked) -> str:
    """As they are typed."""
    if not asked.detection:
        return ""
    median = f" --median {asked.median}" if asked.median > 1 else ""
    gap = f" --gap {asked.gap:g}" if asked.gap > 0 else ""
    return f" --detection{median}{gap}"


@dataclass(frozen=True)
class Way:
    """A way to measure, and the options that have an effect on it."""

    measure: Callable[[Model, Asked], Measured]
    options: frozenset[str]


def _way(measure: Callable[[Model, Asked], Measured], *options: str) -> Way:
    return Way(measure, frozenset(options))


WAYS: Mapping[str, Way] = {
    "--data": _way(_on_data, "split", "audio", "relevance", "detection", "median", "gap", "card"),
    "--demo": _way(_on_demo, "card"),
    "--esc50": _way(_on_recordings, "fold", "seed", "plain", "detection", "median", "gap", "card"),
    "--storing": _way(_on_storing, "fold", "seed", "storing"),
}
"""A card tells how good a bundle is; what storing costs is no answer to that."""


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
@click.option(
    "--gap",
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="Join what is so near to each other: AudioGrounding's protocol takes 0.5.",
)
@click.option("--storing", is_flag=True, help="Measure instead what storing frames costs.")
@click.option("--demo", is_flag=True, help="Measure on the rendered demo library instead.")
@click.option("--card", is_flag=True, help="Write the figures into the bundle's model card.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def evaluate(
    context: click.Context, /, bundle: str, card: bool, as_json: bool, **options: Any
) -> None:
    """Measure a bundle: retrieval, order and its controls, naming, grounding, rejection,
    without, while, unknown sounds; on request sound event detection.
    """
    asked = Asked(**options)
    if [asked.esc50 is not None, asked.data is not None, asked.demo].count(True) != 1:
        raise click.UsageError("give one of --esc50 DIR, --data NAME=FOLDER and --demo")
    if asked.median < 1 or asked.median % 2 == 0 or (asked.median > 1 and not asked.detection):
        raise click.UsageError("--median: must be odd, and goes with --detection")
    if asked.gap < 0 or (asked.gap > 0 and not asked.detection):
        raise click.UsageError("--gap: must not be negative, and goes with --detection")
    _refuse_without_effect(context, asked.way)
    model, way = load_bundle(bundle), WAYS[asked.way]
    if "fold" in way.options and asked.fold in model.bundle.trained_folds:
        _warn_of_heard(model.bundle, asked.fold, card=card)
    measured = way.measure(model, asked)
    if card:
        command = f"tokenalign-trainer evaluate {measured.command}"
        write_quality(model.bundle, measured.rows, command)
    _print(measured.rows, as_json)


def _warn_of_heard(bundle: Bundle, fold: int, *, card: bool) -> None:
    """No card may tell as its quality what a bundle knows by heart."""
    told = f"{bundle.name} was trained on fold {fold}: figures on it flatter"
    if card:
        raise TokenAlignError(told, "leave --card out, or give --fold one that it has not heard")
    click.echo(f"note: {told}", err=True)


def _refuse_without_effect(context: click.Context, chosen: str) -> None:
    """Refuse options that what is measured takes no notice of."""
    of_some = frozenset[str]().union(*(way.options for way in WAYS.values()))
    for name in sorted(of_some - WAYS[chosen].options):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name}: has no effect with {chosen}, leave it out")


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
