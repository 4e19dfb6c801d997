"""``prepare``: what a run needs on disk before it starts."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from tokenalign import load_bundle
from tokenalign.audio import FrontEnd
from tokenalign.query import parse
from trainer.bundled_text import bundled_token_encoder
from trainer.commands.options import EXISTING, FOLDER, esc50_option, report_progress
from trainer.commands.prepare_speech import digits, librispeech, units
from trainer.credits import credits_of
from trainer.datasets.tables import read_rows
from trainer.distil import DistilConfig, distil, save_token_encoder
from trainer.recordings import esc50_recordings, read_recordings, store
from trainer.sounds import rendered_sounds, training_wordings


@click.group()
def prepare() -> None:
    """Make the sound store, the text encoder and the spoken corpora that train reads."""


for verb in (digits, librispeech, units):
    prepare.add_command(verb)


@prepare.command()
@esc50_option
@click.option("--out", type=FOLDER, required=True, help="Folder for the sound store.")
def sounds(esc50: Path, out: Path) -> None:
    """Store ESC-50's recordings and variants of the rendered sounds as mel powers."""
    front_end = FrontEnd()
    recordings = esc50_recordings(esc50)
    credits_of(esc50, recordings)  # what no card could credit is not trained on
    everything = chain(
        read_recordings(recordings, front_end.sample_rate), rendered_sounds(front_end.sample_rate)
    )
    for progress in store(everything, out, front_end):
        if progress.done % 100 == 0:
            report_progress("stored", progress.done, None, progress.item)


@prepare.command()
@click.option("--captions", type=EXISTING, help="CSV with a column `caption` (AudioCaps).")
@click.option(
    "--of", "bundle", metavar="BUNDLE", help="Take a bundle's instead, for runs that begin with it."
)
@click.option("--out", type=FOLDER, required=True, help="Folder for the token encoder.")
@click.option("--steps", default=DistilConfig.steps, show_default=True, help="Distillation steps.")
def text(captions: Path | None, bundle: str | None, out: Path, steps: int) -> None:
    """Distil the small token encoder from MiniLM, on phrases of captions (--captions); or take
    that of a bundle (--of).
    """
    if (captions is None) == (bundle is None):
        raise click.UsageError("Give either --captions or --of.")
    if bundle is not None:
        save_token_encoder(*bundled_token_encoder(load_bundle(bundle).bundle), out)
        return
    assert captions is not None
    phrases = [*_phrases(captions), *chain.from_iterable(training_wordings().values())]
    for step, cosine in distil(phrases, out, DistilConfig(steps=steps)):
        if step % 10 == 0 or step == steps:
            report_progress("step", step, steps, f"cosine to the teacher {cosine:.4f}")


def _phrases(captions: Path) -> list[str]:
    """Phrases of all captions, as the parser finds them."""
    rows = read_rows(captions, ("caption",))
    return [phrase.text for row in rows for phrase in parse(row.values["caption"]).phrases]
