"""``tokenalign ground``: hold a caption against one file."""

from __future__ import annotations

from pathlib import Path

import click

from app.plain import plain
from app.terminal.json_shapes import ground_shape
from app.terminal.results import grounding_lines
from app.terminal.session import Session, common_options
from tokenalign.labels import LABEL_SUFFIXES, write_labels


@click.command()
@click.argument("file", type=Path)
@click.argument("caption")
@click.option(
    "--export",
    "target",
    metavar="OUT",
    type=Path,
    callback=lambda _context, _option, target: _with_known_suffix(target),
    help=f"Also write the spans to a file; its name ends in {', '.join(LABEL_SUFFIXES)}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@common_options
@click.pass_obj
def ground(session: Session, file: Path, caption: str, target: Path | None, as_json: bool) -> None:
    """Show where in FILE each phrase of a CAPTION sounds, and how much each word counts."""
    path = file.absolute()
    model = session.load_model()
    grounding = model.ground(caption, model.encode_file(path))
    if target is not None:
        write_labels(target, grounding, source=path)
    if as_json:
        session.say_json(ground_shape(grounding, path))
    else:
        session.say(*grounding_lines(grounding, path, width=session.width))
    if target is not None:
        session.note(f"wrote {plain(str(target))}")


def _with_known_suffix(target: Path | None) -> Path | None:
    """Refuse a format nobody knows before any work is done."""
    if target is not None and target.suffix.lower() not in map(str.lower, LABEL_SUFFIXES):
        raise click.BadParameter(f"{target.name} does not end in {', '.join(LABEL_SUFFIXES)}")
    return target
