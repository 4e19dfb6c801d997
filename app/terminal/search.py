"""``tokenalign search``: find moments by caption."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from app.plain import plain
from app.session import Session, common_options, library_option
from app.terminal.exporting import export_option
from app.terminal.json_shapes import search_shape
from app.terminal.results import answer_lines
from tokenalign.labels import LIST_SUFFIXES, write_list
from tokenalign.library import FILTER_HELP, Hit, SearchAnswer
from tokenalign.query import parse, telling_words

KEEP_LINES = "\b\n"
"""Begins a paragraph of help that is not to be filled anew: here, the examples of filters."""


@click.command(epilog=FILTER_HELP.replace("\n\n  ", f"\n\n{KEEP_LINES}  "))
@click.argument("caption")
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
@click.option("--sound-only", is_flag=True, help="Leave names, tags and transcripts out.")
@export_option(LIST_SUFFIXES, what="the list of the moments")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@library_option
@common_options
@click.pass_obj
def search(
    session: Session,
    caption: str,
    limit: int,
    where: str,
    sound_only: bool,
    target: Path | None,
    as_json: bool,
) -> None:
    """Find the moments that a CAPTION describes, and show which part matches which phrase.

    A caption names sounds and how they follow each other: "a dog barks, then rain, without
    thunder", or shorter "rain -thunder"; one that begins with "-" stands after "--".

    Files that bear its words in name, folder, tags or transcript are found too, each told with
    them; a library shared with others knows sounds only.
    """
    words = None if sound_only else telling_words(parse(caption))
    answer = _answer(session, caption, limit=limit, where=where, words=words)
    if target is not None:
        write_list(target, map(_with_machine, answer.results), query=answer.query)
    if as_json:
        session.say_json(search_shape(answer))
    else:
        session.say(*answer_lines(answer, width=session.width))
    if target is not None:
        session.note(f"wrote {plain(str(target))}")


def _answer(
    session: Session, caption: str, *, limit: int, where: str, words: str | None
) -> SearchAnswer:
    """What the shared library answers, if one was named, or else this machine's own."""
    shared = session.open_shared()
    if shared is not None:
        with shared:
            return shared.search(caption, session.load_model(), limit=limit, where=where)
    with session.open_library() as library:
        return library.search(caption, session.load_model(), limit=limit, where=where, words=words)


def _with_machine(hit: Hit) -> Hit:
    """A list has paths only: one on another machine is told as remote copying programs do."""
    return replace(hit, path=Path(f"{hit.machine}:{hit.path}")) if hit.machine else hit
