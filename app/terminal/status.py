"""``tokenalign status``: what the library holds."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.plain import plain
from app.session import Session, common_options, json_option, library_option
from app.terminal.json_shapes import shared_status_shape, status_shape
from app.times import length
from tokenalign.library import Status
from tokenalign.shared import SharedStatus


@click.command()
@json_option
@library_option
@common_options
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Show what the library holds, and where it is kept."""
    if session.library:
        _shared_status(session, as_json)
        return
    with session.open_library() as library:
        found = library.status()
    if as_json:
        session.say_json(status_shape(found))
    else:
        session.say(*_lines(found))


def _shared_status(session: Session, as_json: bool) -> None:
    with session.parts.open_shared(session.library, session.data_dir) as library:
        found = library.status()
    if as_json:
        session.say_json(shared_status_shape(found))
    else:
        session.say(*_shared_lines(found))


def _lines(status: Status) -> Iterator[str]:
    yield f"files    {status.files:,} ({length(status.audio_s)} of sound)"
    yield f"failed   {status.failed:,}"
    yield f"bundle   {plain(status.bundle) or 'none yet'}"
    if len(status.bundles) > 1:
        for bundle in status.bundles:
            yield f"encoded  {bundle.files:,} of {status.files:,} for {plain(bundle.name)}"
    yield f"kept in  {plain(str(status.data_dir))} ({status.bytes / 1e6:,.1f} MB)"
    for root in status.roots:
        yield f"folder   {plain(str(root.path))}{' (offline)' if root.offline else ''}"


def _shared_lines(status: SharedStatus) -> Iterator[str]:
    yield f"library  {plain(status.address)}"
    yield f"sounds   {status.sounds:,} ({status.windows:,} windows)"
    yield f"bundle   {plain(status.bundle)}"
    for machine in status.machines:
        yield f"machine  {plain(machine.name)} ({machine.sounds:,} sounds)"
