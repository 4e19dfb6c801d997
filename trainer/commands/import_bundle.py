"""``import``: published models as bundles, without training."""

from __future__ import annotations

from pathlib import Path

import click

from tokenalign.nn.encoders.published import folder_of
from trainer.bundle_place import bundle_place
from trainer.codec import how_stored
from trainer.commands.options import EXISTING, FOLDER, cache_option, report_progress
from trainer.evaluation.scenes import loader
from trainer.recordings import esc50_recordings


@click.group("import")
def import_bundle() -> None:
    """Make a bundle of published weights."""


@import_bundle.command()
@click.argument("source", default="clap", metavar="[FOLDER]")
@click.option("--out", type=FOLDER, required=True, help="Folder of the bundle.")
@click.option("--name", default="clap", show_default=True, help="The bundle's name.")
@click.option("--esc50", type=EXISTING, help="ESC-50's folder, to calibrate on recordings.")
@cache_option
def clap(source: str, out: Path, name: str, esc50: Path | None, cache: Path) -> None:
    """Make a bundle of LAION-CLAP's weights: the fetched ones, or those in FOLDER.

    Codec and thresholds are fitted to rendered sounds, better to recordings: --esc50.
    """
    from trainer.clap import calibrate_clap, import_clap, rendered  # transformers: slow to import

    with bundle_place(out) as place:
        bundle, alignment = import_clap(folder_of(source, cache), name=name, out=place)
        report_progress("graphs written", 3, 3)
        click.echo("encoding scenes, for codec, background and thresholds: takes minutes", err=True)
        sounds = rendered() if esc50 is None else loader(esc50_recordings(esc50))
        bundle = calibrate_clap(bundle, alignment, sounds)
        click.echo(how_stored(bundle), err=True)
        report_progress("calibrated", 1, 1, str(bundle.score_scale))


@import_bundle.command()
@click.argument("source", default="whisper-base", metavar="[NAME|FOLDER]")
@click.option("--out", type=FOLDER, required=True, help="Folder of the bundle.")
@click.option("--name", default="whisper", show_default=True, help="The bundle's name.")
@click.option("--language", default="en", show_default=True, help="Code of what is spoken.")
@cache_option
def whisper(source: str, out: Path, name: str, language: str, cache: Path) -> None:
    """Make a bundle that times the words of a transcript, of a Whisper's weights.

    NAME is whisper-tiny, whisper-base or whisper-small, fetched before; FOLDER one of your own.
    """
    from trainer.whisper import import_whisper  # transformers: slow to import

    with bundle_place(out) as place:
        bundle = import_whisper(folder_of(source, cache), name=name, language=language, out=place)
        size = f"{bundle.size_bytes() / 1e6:.0f} MB, {len(bundle.heads)} heads"
    report_progress("bundle written", 1, 1, size)
