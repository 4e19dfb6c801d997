"""``data``: what lies in a data set's folder, before a run is spent on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from trainer.commands.options import EXISTING
from trainer.datasets import CaptionSet, read_captions, splits_of
from trainer.datasets.survey import Leak, Range, leaks, survey
from trainer.datasets.values import shown


@click.command()
@click.argument("name")
@click.argument("folder", type=EXISTING)
@click.option("--split", help="Only this split; without it all, compared with each other.")
@click.option("--audio", type=EXISTING, help="Folder of the sounds, when they lie elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all names.")
def data(name: str, folder: Path, split: str | None, audio: Path | None, as_json: bool) -> None:
    """Check a data set: clips, captions, missing sounds, and sounds in two splits."""
    splits = splits_of(name, folder) if split is None else (split,)
    sets = [read_captions(name, folder, one, audio_folder=audio) for one in splits]
    shared = leaks(sets)
    if as_json:
        found = {
            "name": name,
            "splits": [asdict(survey(one)) for one in sets],
            "leaks": [asdict(leak) for leak in shared],
        }
        click.echo(json.dumps(found, indent=2))
        return
    for one in sets:
        _print_split(one)
    if len(sets) > 1:
        _print_leaks(shared)


def _print_split(captions: CaptionSet) -> None:
    counts = survey(captions)
    click.echo(f"{captions.name} {counts.split}: {counts.clips} clips, {counts.captions} captions")
    click.echo(f"  captions a clip: {_spread(counts.captions_per_clip)}")
    click.echo(f"  words a caption: {_spread(counts.words_per_caption)}")
    if counts.grounded_phrases:
        click.echo(f"  phrases with times: {counts.grounded_phrases}")
    click.echo(f"  {captions.missing_report or 'all clips have their audio'}")
    for note in counts.notes:
        click.echo(f"  note: {note}")


def _print_leaks(shared: Sequence[Leak]) -> None:
    for leak in shared:
        click.echo(
            f"sounds in {leak.first} and in {leak.second}: {len(leak.origins)} "
            f"({shown(leak.origins)})"
        )
    if not shared:
        click.echo("no sound is in two splits")


def _spread(counts: Range) -> str:
    if counts.lowest == counts.highest:
        return str(counts.lowest)
    return f"{counts.lowest} to {counts.highest}, median {counts.median:g}"
