"""``evaluate --data``: the protocol over captioned data sets."""

from __future__ import annotations

from pathlib import Path

import click

from tokenalign.engine import Model
from trainer.datasets import read_captions
from trainer.evaluation.captioned import captioned_rows, hear, score_captions
from trainer.evaluation.protocol import Row
from trainer.evaluation.relevance import own_captions, read_relevance


def measure_data(
    model: Model, data: str, split: str, *, audio: Path | None, relevance: Path | None
) -> list[Row]:
    """Figures of a data set; what is missing from them goes to stderr.

    Args:
        model: the bundle at hand.
        data: ``NAME=FOLDER``.
        split: of the data set.
        audio: folder of its sounds, when they lie elsewhere.
        relevance: queries with their right clips, in place of the captions.

    Raises:
        click.UsageError: the folder is not named.
    """
    name, _, folder = data.partition("=")
    if not folder:
        raise click.UsageError(f"--data {data}: must be NAME=FOLDER, as in clotho=DIR")
    captions = read_captions(name, Path(folder), split, audio_folder=audio)
    told = [captions.missing_report, *captions.notes]
    queries = own_captions(captions.with_audio)
    if relevance is not None:
        found = read_relevance(relevance, captions.with_audio)
        queries, told = found.queries, [*told, *found.notes]
    heard = hear(model, captions.with_audio)
    scored = score_captions(model, heard, queries)
    told += [f"left out: {line}" for line in scored.unreadable]
    told += [f"names no sound, so scores 0: {caption}" for caption in scored.unnamed]
    for line in filter(None, told):
        click.echo(line, err=True)
    asked, gallery = scored.scores.shape
    kind = "captions" if relevance is None else "queries"
    click.echo(f"{name} {split}: {asked} {kind}, {gallery} clips", err=True)
    return list(captioned_rows(scored))
