"""``codewords``: what the most used codewords of an MGA-CLAP bundle mean, drawn and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from tokenalign import load_bundle
from trainer.codewords.meaning import (
    Codeword,
    NamedClip,
    most_used,
    open_codebook,
    phrase_vectors,
)
from trainer.codewords.picture import draw_codewords
from trainer.commands.options import FOLDER, esc50_option, report_progress
from trainer.recordings import esc50_recordings
from trainer.sounds import training_wordings

PICTURE, TABLE = "codewords.png", "codewords.json"
WORDINGS_A_LABEL = 4


@click.command()
@click.option("--bundle", required=True, help="Name or folder.")
@esc50_option
@click.option("--fold", default=4, show_default=True, help="Whose recordings are heard.")
@click.option("--most", default=12, show_default=True, help="Codewords that are told of.")
@click.option("--out", type=FOLDER, required=True, help=f"Folder of {PICTURE} and {TABLE}.")
def codewords(bundle: str, esc50: Path, fold: int, most: int, out: Path) -> None:
    """Show what the most used codewords of an MGA-CLAP bundle mean: the phrases that are nearest
    to each, and the recordings that it sounds in.
    """
    model = load_bundle(bundle)
    codebook = open_codebook(model.bundle)
    recordings = esc50_recordings(esc50, (fold,))
    clips = [NamedClip(one.path.name, one.label, model.encode_file(one.path)) for one in recordings]
    report_progress("recordings heard", len(clips), None)
    wordings = training_wordings().values()
    phrases = list(chain.from_iterable(texts[:WORDINGS_A_LABEL] for texts in wordings))
    found = most_used(codebook, clips, phrases, phrase_vectors(model, phrases), most=most)
    out.mkdir(parents=True, exist_ok=True)
    draw_codewords(found, out / PICTURE)
    (out / TABLE).write_text(json.dumps(_rows(found), indent=2) + "\n", encoding="utf-8")
    for one in found:
        click.echo(f"{one.number:5d}  {100 * one.share:4.1f} %  {one.phrases[0].text}")


def _rows(found: Sequence[Codeword]) -> list[dict[str, Any]]:
    return [
        {
            "codeword": one.number,
            "share": round(one.share, 5),
            "clips": one.clips,
            "phrases": [{"text": p.text, "cosine": round(p.cosine, 4)} for p in one.phrases],
            "examples": [
                {
                    "file": clip.name,
                    "label": clip.label,
                    "best_s": round(clip.best_s, 2),
                    "cosine": round(float(clip.cosines.max()), 4),
                }
                for clip in one.examples
            ],
        }
        for one in found
    ]
