"""The entry point of ``tokenalign``: puts the parts together, and is the one door for errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import platformdirs
from rich.console import Console

from app.bench.command import bench
from app.desktop.command import open_window, window
from app.doors import real_doors
from app.session import Parts, Session, StoppedError, common_options
from app.terminal.bundles import bundles
from app.terminal.demo import demo
from app.terminal.forget import forget
from app.terminal.ground import ground
from app.terminal.index import index
from app.terminal.search import search
from app.terminal.status import status
from app.terminal.verify import verify
from tokenalign.errors import TokenAlignError
from tokenalign.shared import open_shared
from tokenalign.soundscapes import DEMO_QUERIES, write_demo_library

DONE, FAILED, WRONG_USAGE, CANCELLED = 0, 1, 2, 130


@click.group(invoke_without_command=True)
@common_options
@click.pass_context
def commands(context: click.Context) -> None:
    """Find moments in your own sound library by caption, and see why they match.

    Without a command, the window opens.
    """
    if context.invoked_subcommand is None:
        open_window(context.obj)


for verb in (window, demo, index, search, ground, forget, verify, status, bundles, bench):
    commands.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program on this process's streams and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a name that the terminal cannot show
    session = Session(
        out=Console(file=sys.stdout, highlight=False),
        err=Console(file=sys.stderr, highlight=False),
        data_dir=_default_data_dir(),
        parts=Parts(
            doors=real_doors(),
            write_demo_library=write_demo_library,
            demo_captions=DEMO_QUERIES,
            open_shared=open_shared,
        ),
    )
    return run(sys.argv[1:] if arguments is None else arguments, session)


def run(arguments: Sequence[str], session: Session) -> int:
    """Run one command; whatever fails on purpose ends here, in words and a status."""
    try:
        commands.main(list(arguments), prog_name="tokenalign", obj=session, standalone_mode=False)
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else "tokenalign"
        session.complain(wrong.format_message(), f"{command} --help")
        return WRONG_USAGE
    except TokenAlignError as failure:
        session.complain(failure.message, failure.hint)
        return FAILED
    except OSError as failure:
        session.complain(str(failure), "check the disk and its permissions, then try again")
        return FAILED
    except StoppedError as stop:
        session.note(f"cancelled: {stop.kept}")
        return CANCELLED
    except click.Abort:
        session.note("cancelled")
        return CANCELLED
    return DONE


def _default_data_dir() -> Path:
    chosen = os.environ.get("TOKENALIGN_DATA_DIR")
    return Path(chosen) if chosen else platformdirs.user_data_path("tokenalign", appauthor=False)
