"""``tokenalign search``: find moments by caption, or sounds like one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from app.plain import plain
from app.session import Session, common_options, json_option, library_option
from app.terminal.asking import answer_to, question_of
from app.terminal.exporting import export_option
from app.terminal.json_shapes import search_shape
from app.terminal.results import answer_lines, caveats
from tokenalign.labels import LIST_SUFFIXES, write_list
from tokenalign.library import FILTER_HELP, Hit

KEEP_LINES = "\b\n"
"""Begins a paragraph of help that is not to be filled anew: here, the examples of filters."""

SECONDS = click.FloatRange(0)


@click.command(epilog=FILTER_HELP.replace("\n\n  ", f"\n\n{KEEP_LINES}  "))
@click.argument("caption", required=False)
@click.option(
    "--like",
    metavar="FILE",
    type=Path,
    help="Find sounds like this one; there is no CAPTION then.",
)
@click.option(
    "--from", "start_s", metavar="S", type=SECONDS, help="With --like: its part from here, seconds."
)
@click.option("--to", "end_s", metavar="S", type=SECONDS, help="With --like: its part up to here.")
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="How many sounds at most.",
)
@click.option("--where", metavar="FILTER", default="", help="Only sounds of which this is true.")
@click.option("--words", is_flag=True, help="Find files by the words that they bear, too.")
@export_option(LIST_SUFFIXES, what="the list of the moments")
@click.option("-f", "path_end", flag_value="\n", help="Print paths only, one a line, best first.")
@click.option(
    "-0", "path_end", flag_value="\0", help="As -f, each ended by a null character: for xargs -0."
)
@json_option
@library_option
@common_options
@click.pass_obj
def search(
    session: Session,
    caption: str | None,
    like: Path | None,
    start_s: float | None,
    end_s: float | None,
    limit: int,
    where: str,
    words: bool,
    target: Path | None,
    path_end: str | None,
    as_json: bool,
) -> None:
    """Find the moments that a CAPTION describes, and show which part matches which phrase.

    A caption names sounds and how they follow each other: "a dog barks, then rain, without
    thunder", or shorter "rain -thunder"; one that begins with "-" stands after "--". It has at
    most eight phrases: the last wanted ones past these are named, and not looked for.

    With --words, files that bear the caption's words in name, folder, tags or transcript are found
    too, and results stand in order of both; else in order of their scores, by sound alone.
    """
    question = question_of(caption, like, start_s, end_s)
    if path_end and as_json:
        raise click.UsageError("-f and -0 print paths, --json prints JSON: choose one.")
    answer = answer_to(session, question, limit=limit, where=where, by_words=words)
    if target is not None:
        write_list(target, map(_with_machine, answer.results), query=answer.query)
    if as_json:
        session.say_json(search_shape(answer, like=like))
    elif path_end:
        for caveat in caveats(answer):
            session.note(caveat)
        session.say_paths([_with_machine(hit).path for hit in answer.results], end=path_end)
    else:
        session.say(*answer_lines(answer, width=session.width))
    if target is not None:
        session.note(f"wrote {plain(str(target))}")


def _with_machine(hit: Hit) -> Hit:
    """A list has paths only: one on another machine is told as remote copying programs do."""
    return replace(hit, path=Path(f"{hit.machine}:{hit.path}")) if hit.machine else hit
