"""``tokenalign forget``: take a folder out of the library."""

from __future__ import annotations

from pathlib import Path

import click

from app.plain import counted, plain
from app.session import Session, common_options, json_option


@click.command()
@click.argument("folder", type=Path)
@json_option
@common_options
@click.pass_obj
def forget(session: Session, folder: Path, as_json: bool) -> None:
    """Take a FOLDER out of the library, one of those that status lists.

    Its files stay where they are, and those that lie in another folder of the library stay in it.
    Favourites and collections are kept for when it is taken in again.
    """
    with session.open_library() as library:
        before = library.count()
        library.forget(folder)
        remaining = library.count()
    forgotten = before - remaining
    if as_json:
        session.say_json(
            {"path": str(folder.absolute()), "forgotten": forgotten, "files": remaining}
        )
        return
    session.say(
        f"forgot {plain(str(folder.absolute()))}: {counted(forgotten, 'sound')},"
        f" {remaining:,} remain; the files, favourites and collections stay"
    )
