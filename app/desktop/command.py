"""``tokenalign window``: the desktop program. Qt is imported only when the window is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.session import Session, common_options
from tokenalign.errors import TokenAlignError

SYSTEM_LIBRARIES = "apt-get install libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3"


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))
@common_options
@click.pass_obj
def window(session: Session, folders: tuple[Path, ...]) -> None:
    """Open the desktop program, and take FOLDERS in; tokenalign alone opens it too."""
    open_window(session, folders)


def open_window(session: Session, folders: Sequence[Path] = ()) -> None:
    """Run the window until it is closed.

    Args:
        session: where the library is kept, and which model to use.
        folders: to take into the library.

    Raises:
        TokenAlignError: there is no display, or Qt lacks a library of the system.
    """
    if not has_display():
        raise TokenAlignError(
            "no display to open a window on",
            "log in to a desktop, or use the terminal commands: tokenalign --help",
        )
    try:
        from app.desktop.start import run
    except ImportError as error:
        raise TokenAlignError(
            f"the window cannot be opened: {error}",
            f"install what Qt needs; on Debian: {SYSTEM_LIBRARIES}",
        ) from error
    run(session, folders)


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
