"""``tokenalign bundles``: the models that are installed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.plain import plain
from app.session import Session, common_options
from tokenalign.bundle import Bundle
from tokenalign.speech import SpeechBundle


@click.command()
@common_options
@click.pass_obj
def bundles(session: Session) -> None:
    """List the installed bundles: name, system, size, and what they are."""
    bundles: list[Bundle | SpeechBundle] = [*session.parts.installed_bundles()]
    for bundle in [*bundles, *session.parts.installed_speech_bundles()]:
        session.say(*_lines(bundle))


def _lines(bundle: Bundle | SpeechBundle) -> Iterator[str]:
    yield f"{plain(bundle.name)}  {plain(bundle.system)}, {bundle.size_bytes() / 1e6:.1f} MB"
    yield f"    {plain(_gist(bundle.card))}"


def _gist(card: str) -> str:
    """The first line of a model card that is neither blank nor a heading."""
    lines = (line.strip() for line in card.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")
