"""``evaluate --data``: the protocol over captioned data sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from tokenalign.engine import Model
from trainer.datasets import CaptionedClip, read_captions
from trainer.evaluation.captioned import Heard, captioned_rows, hear, score_captions
from trainer.evaluation.filtering import Filtering
from trainer.evaluation.protocol import Row
from trainer.evaluation.relevance import own_captions, read_relevance


def measure_data(
    model: Model,
    data: str,
    split: str,
    *,
    audio: Path | None,
    relevance: Path | None,
    detection: bool,
    filtering: Filtering,
) -> list[Row]:
    """Figures of a data set; what is missing from them goes to stderr.

    Args:
        model: the bundle at hand.
        data: ``NAME=FOLDER``.
        split: of the data set.
        audio: folder of its sounds, when they lie elsewhere.
        relevance: queries with their right clips, in place of the captions.
        detection: measure its timed phrases too.
        filtering: of the scores that their PSDS is measured on.

    Raises:
        click.UsageError: the folder is not named.
        TokenAlignError: none of its phrases has times.
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
    rows = list(captioned_rows(scored))
    if detection:
        rows += _grounded(model, heard, captions.with_audio, filtering)
    return rows


def _grounded(
    model: Model, heard: Heard, clips: Sequence[CaptionedClip], filtering: Filtering
) -> Iterator[Row]:
    # Here, for it brings a compiler along that takes seconds to load.
    from trainer.evaluation.grounded import ground_phrases, grounded_rows

    found = list(ground_phrases(model, heard, clips))
    click.echo(f"{len(found)} timed phrases", err=True)
    yield from grounded_rows(found, filtering=filtering)
