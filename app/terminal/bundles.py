"""``tokenalign bundles``: the models that are installed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.plain import plain
from app.session import Session, common_options, json_option
from app.terminal.json_shapes import bundle_shape
from tokenalign.bundle import Bundle
from tokenalign.speech import SpeechBundle


@click.command()
@json_option
@common_options
@click.pass_obj
def bundles(session: Session, as_json: bool) -> None:
    """List the installed bundles: name, system, size, and what they are."""
    bundles: list[Bundle | SpeechBundle] = [*session.parts.doors.installed_bundles()]
    bundles += session.parts.doors.installed_speech_bundles()
    if as_json:
        session.say_json([bundle_shape(bundle, _gist(bundle.card)) for bundle in bundles])
        return
    for bundle in bundles:
        session.say(*_lines(bundle))


def _lines(bundle: Bundle | SpeechBundle) -> Iterator[str]:
    yield f"{plain(bundle.name)}  {plain(bundle.system)}, {bundle.size_bytes() / 1e6:.1f} MB"
    yield f"    {plain(_gist(bundle.card))}"


def _gist(card: str) -> str:
    """The first line of a model card that is neither blank nor a heading."""
    lines = (line.strip() for line in card.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")
