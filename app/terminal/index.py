"""``tokenalign index``: take sounds into the library."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from subprocess import list2cmdline

import click

from app.plain import counted, plain
from app.session import Session, StoppedError, common_options, json_option, library_option
from app.terminal.json_shapes import index_shape
from app.terminal.progress import follow
from app.times import length, rate
from tokenalign.audio.optional import INSTALL_M4A, M4A_SUFFIXES
from tokenalign.library import Doubt, IndexReport
from tokenalign.shared import ShareReport

KEPT = "what was indexed so far is kept; the same command goes on from there"
UNANSWERED_KEPT = "what was indexed is kept, and nothing forgotten of what you were asked about"
SHARED_KEPT = "what was indexed and shared so far is kept; the same command goes on from there"


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=Path)
@json_option
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Try files again that could not be read before, though they have not changed.",
)
@click.option(
    "--forget-gone",
    is_flag=True,
    help="Forget files that are gone, however many; those of an absent drive are kept.",
)
@library_option
@common_options
@click.pass_obj
def index(
    session: Session,
    paths: tuple[Path, ...],
    as_json: bool,
    retry_failed: bool,
    forget_gone: bool,
) -> None:
    """Take sounds into the library: files, or folders with all that is in them.

    Run it again after changes: only new and changed files are read; without a PATH, of all that
    the library has. A file that cannot be read is listed with the reason and stops nothing. Ctrl-C
    keeps what was done.

    A few files that are gone are forgotten. If more than a twentieth of a folder is, you are
    asked; if most of it is, it takes --forget-gone.

    With --library, what this machine's own library has is then put up for all who use that one;
    nothing is decoded or encoded twice.
    """
    with session.open_library() as library, session.open_shared() or nullcontext() as shared:
        model = session.load_model()
        steps = library.index(paths, model, retry_failed=retry_failed, forget_gone=forget_gone)
        report = follow(steps, session.err, kept=KEPT)
        if not as_json:
            session.say(*report_lines(report))
        try:
            confirmed = [doubt.path for doubt in report.doubts if _is_confirmed(session, doubt)]
        except click.Abort:
            if as_json:
                session.say_json(index_shape(report))
            raise StoppedError(UNANSWERED_KEPT) from None
        if confirmed:
            steps = library.index(confirmed, model, forget_gone=True)
            again = follow(steps, session.err, kept=KEPT)
            session.note(f"{counted(again.removed, 'file')} forgotten")
            report = _both(report, again, confirmed)
        share = None
        if shared is not None:
            share = follow(shared.share(model), session.err, kept=SHARED_KEPT)
        if as_json:
            session.say_json(index_shape(report, share))
        elif share is not None:
            session.say(share_line(share))


def _both(report: IndexReport, again: IndexReport, confirmed: Sequence[Path]) -> IndexReport:
    """What a run did, and the one after it in the folders whose losses were confirmed."""
    return replace(
        report,
        indexed=report.indexed + again.indexed,
        moved=report.moved + again.moved,
        removed=report.removed + again.removed,
        failed=tuple(failure for failure in report.failed if failure.path not in confirmed),
        audio_s=report.audio_s + again.audio_s,
        elapsed_s=report.elapsed_s + again.elapsed_s,
        doubts=tuple(doubt for doubt in report.doubts if doubt.path not in confirmed),
    )


def _is_confirmed(session: Session, doubt: Doubt) -> bool:
    """Whether the person says that files are gone; otherwise, how to say so later.

    Nobody is asked in passing about most of a folder, nor where nobody sits.
    """
    folder = str(doubt.path)
    if session.can_ask and not doubt.is_grave:
        files = f"{doubt.gone:,} of {doubt.known:,} files"
        return click.confirm(f"{files} are gone from {plain(folder)}. Forget them?", err=True)
    command = plain(f"tokenalign index {_quoted(folder)} --forget-gone")
    session.note(f"if they are gone for good: {command}")
    return False


def _quoted(path: str) -> str:
    """A path as the system's shell takes it for one word."""
    return list2cmdline([path]) if sys.platform == "win32" else shlex.quote(path)


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
    if report.passed_over:
        kinds = ", ".join(f"{count:,} {suffix}" for suffix, count in report.passed_over)
        yield f"passed over, as their format is not read: {kinds}; convert them to WAV or FLAC"
    if any(suffix in M4A_SUFFIXES for suffix, _ in report.passed_over):
        yield f"M4A is read after: {INSTALL_M4A}"


def share_line(report: ShareReport) -> str:
    """What sharing did."""
    return (
        f"shared: {counted(report.uploaded, 'sound')} uploaded, updated {report.updated:,},"
        f" unchanged {report.unchanged:,}, withdrawn {report.withdrawn:,}"
    )
