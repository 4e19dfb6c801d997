"""``tokenalign demo``: the whole path on sounds that the program makes itself."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.text import Text

from app.session import Session, common_options, json_option
from app.terminal.json_shapes import search_shape
from app.terminal.progress import follow
from app.terminal.results import answer_lines
from tokenalign.library import SearchAnswer

RESULTS_SHOWN = 3
KEPT = "the demo's sounds and library are removed, nothing else was touched"


@click.command()
@json_option
@common_options
@click.pass_obj
def demo(session: Session, as_json: bool) -> None:
    """Render a small library of sounds, index it and answer three captions.

    All of it happens in a temporary folder; your own library is not touched.
    """
    with tempfile.TemporaryDirectory(prefix="tokenalign-demo-") as folder:
        answers = _answers(session, Path(folder))
    if as_json:
        session.say_json([search_shape(answer) for answer in answers])
        return
    for answer in answers:
        session.say(Text(f'tokenalign search "{answer.query}"', style="bold"), "")
        session.say(*answer_lines(answer, width=session.width), "")
    session.say(
        "Now your own sounds:",
        "    tokenalign index FOLDER",
        '    tokenalign search "a door slams, then footsteps"',
    )


def _answers(session: Session, folder: Path) -> list[SearchAnswer]:
    sounds = folder / "sounds"
    follow(session.parts.write_demo_library(sounds), session.err, kept=KEPT)
    model = session.load_model()
    with session.parts.doors.open_library(folder / "library") as library:
        follow(library.index([sounds], model), session.err, kept=KEPT)
        return [
            library.search(caption, model, limit=RESULTS_SHOWN)
            for caption in session.parts.demo_captions
        ]
