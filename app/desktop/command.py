"""``tokenalign window``: the desktop program. Qt is imported only when the window is wanted."""

from __future__ import annotations

import os
import sys

import click

from app.terminal.session import Session, common_options
from tokenalign.errors import TokenAlignError

SYSTEM_LIBRARIES = "apt-get install libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3"


@click.command()
@common_options
@click.pass_obj
def window(session: Session) -> None:
    """Open the desktop program; tokenalign without a command does so too."""
    open_window(session)


def open_window(session: Session) -> None:
    """Run the window until it is closed.

    Raises:
        TokenAlignError: there is no display, or Qt lacks a library of the system.
    """
    if not _has_display():
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
    run(session)


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
