"""``fetch``: published encoders onto this machine, at pinned revisions."""

from __future__ import annotations

from pathlib import Path

import click

from tokenalign.nn.encoders.published import PUBLISHED
from trainer.commands.options import cache_option, report_progress


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@cache_option
def fetch(names: tuple[str, ...], cache: Path) -> None:
    """Download published encoders.

    The only verb that goes online.
    """
    from tokenalign.nn.encoders import fetching  # hear21passt and the hub's client: slow to import

    for done, name in enumerate(names, start=1):
        folder = fetching.fetch(name, cache)
        report_progress("fetched", done, len(names), f"{folder} ({PUBLISHED[name].licence})")
