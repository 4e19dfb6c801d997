"""``tokenalign index``: take sounds into the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from app.plain import counted, plain
from app.terminal.json_shapes import index_shape
from app.terminal.progress import follow
from app.terminal.session import Session, common_options
from app.times import length, rate
from tokenalign.library import IndexReport

KEPT = "what was indexed so far is kept; the same command goes on from there"


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, type=Path)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@common_options
@click.pass_obj
def index(session: Session, paths: tuple[Path, ...], as_json: bool) -> None:
    """Take sounds into the library: files, or folders with all that is in them.

    Run it again after changes: only new and changed files are read; without a PATH, in all
    folders that the library has. A file that cannot be read is listed with the reason and stops
    nothing. Ctrl-C keeps what was done.
    """
    with session.open_library() as library:
        if not paths and not library.status().roots:
            raise click.UsageError("Missing argument 'PATH...': the library has no folders yet.")
        model = session.load_model()
        report = follow(library.index(paths, model), session.err, kept=KEPT)
    if as_json:
        session.say_json(index_shape(report))
    else:
        session.say(*report_lines(report))


def report_lines(report: IndexReport) -> Iterator[str]:
    """What an index run did, with each failure's reason."""
    pace = ""
    if report.indexed and report.elapsed_s > 0:
        files_per_s = rate(report.indexed / report.elapsed_s)
        pace = f" ({files_per_s} files/s, {rate(report.audio_s / report.elapsed_s)}x real time)"
    yield (
        f"indexed {counted(report.indexed, 'file')} with {length(report.audio_s)} of sound"
        f" in {length(report.elapsed_s)}{pace}"
    )
    yield (
        f"unchanged {report.unchanged:,}, moved {report.moved:,}, removed {report.removed:,},"
        f" failed {len(report.failed):,}"
    )
    for failure in report.failed:
        yield f"  {plain(str(failure.path))}: {plain(failure.reason)}"
