"""``tokenalign verify``: check what the library keeps."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.plain import counted, plain
from app.session import Session, common_options, json_option
from app.terminal.json_shapes import verify_shape
from app.terminal.progress import follow
from app.times import length
from tokenalign.errors import TokenAlignError
from tokenalign.library import VerifyReport


@click.command()
@click.option("--data", is_flag=True, help="Also read every sound again and compare.")
@json_option
@common_options
@click.pass_obj
def verify(session: Session, data: bool, as_json: bool) -> None:
    """Check that what the library keeps is whole.

    Damaged parts are set aside, and made anew by the next index.
    """
    with session.open_library() as library:
        report = follow(library.verify(data=data), session.err, kept="nothing was lost")
    if as_json:
        session.say_json(verify_shape(report))
    else:
        session.say(*_lines(report))
    if report.problems:
        raise TokenAlignError(
            f"{counted(len(report.problems), 'problem')} in what the library keeps",
            "tokenalign index reads the sounds concerned again",
        )


def _lines(report: VerifyReport) -> Iterator[str]:
    for problem in report.problems:
        yield f"{plain(str(problem.path))}: {plain(problem.reason)}"
    files = f", {counted(report.files, 'file')} read again" if report.files else ""
    absent = f", {counted(report.absent, 'file')} not available right now" if report.absent else ""
    yield (
        f"{counted(report.vectors, 'encoded sound')} checked{files}{absent}:"
        f" {counted(len(report.problems), 'problem')} ({length(report.elapsed_s)})"
    )
