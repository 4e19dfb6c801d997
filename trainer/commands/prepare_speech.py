"""``prepare digits``, ``librispeech`` and ``units``: spoken corpora that a speech run reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from tokenalign.progress import Progress
from trainer.commands.options import EXISTING, FOLDER, report_progress
from trainer.speech.librispeech import prepare_librispeech
from trainer.speech.prepare_digits import DigitStrings, prepare_digits
from trainer.speech.s3_units import KINDS
from trainer.speech.units import UnitMaker, write_units

KMEANS = "kmeans"


@click.command()
@click.argument("recordings", type=EXISTING)
@click.option("--out", type=FOLDER, required=True, help="Folder of the corpus.")
@click.option("--held-out", required=True, metavar="SPEAKER", help="Kept apart for measuring.")
@click.option(
    "--strings",
    default=DigitStrings.training_strings,
    show_default=True,
    help="Of all other speakers.",
)
@click.option(
    "--held-out-strings", default=DigitStrings.held_out_strings, show_default=True, help="Of that."
)
@click.option("--seed", default=DigitStrings.seed, show_default=True, help="Of what is drawn.")
def digits(
    recordings: Path, out: Path, held_out: str, strings: int, held_out_strings: int, seed: int
) -> None:
    """Cut strings of spoken digits together from RECORDINGS (FSDD), with exact word times."""
    wanted = DigitStrings(
        held_out=held_out, training_strings=strings, held_out_strings=held_out_strings, seed=seed
    )
    _report(prepare_digits(recordings, out, wanted))


@click.command()
@click.argument("root", type=EXISTING)
@click.option("--out", type=FOLDER, required=True, help="Folder of the corpus' index.")
def librispeech(root: Path, out: Path) -> None:
    """Read LibriSpeech's own layout: ROOT/train-clean-100 and ROOT/test-clean."""
    failed: list[str] = []
    _report(prepare_librispeech(root, out, failed))
    for line in failed:
        click.echo(f"left out: {line}", err=True)


@click.command()
@click.argument("corpus", type=EXISTING)
@click.option(
    "--kind",
    type=click.Choice([KMEANS, *KINDS]),
    default=KMEANS,
    show_default=True,
    help="k-means over log-mel, or S3 through s3tokenizer.",
)
@click.option(
    "--weights",
    type=FOLDER,
    default=Path("runs/s3"),
    show_default=True,
    help="S3: folder with NAME.onnx.",
)
def units(corpus: Path, kind: str, weights: Path) -> None:
    """Make the units of a prepared CORPUS, which the decoder learns to say."""
    _report(write_units(corpus, _maker(corpus, kind, weights)))


def _maker(corpus: Path, kind: str, weights: Path) -> UnitMaker:
    if kind != KMEANS:
        from trainer.speech.s3_units import S3Units  # torch: slow to import

        return S3Units(kind, weights)
    from trainer.speech.kmeans_units import KMeansConfig, fit_units

    return fit_units(corpus, KMeansConfig())


def _report(work: Iterable[Progress]) -> None:
    for progress in work:
        report_progress(progress.stage, progress.done, progress.total, progress.item)
