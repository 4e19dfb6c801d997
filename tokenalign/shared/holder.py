"""Who this machine is to the others: a number that its library keeps, and a name for people."""

from __future__ import annotations

import uuid
from pathlib import Path

from tokenalign.shared.points import Holder

FILE = "shared-holder"


def known_holder(data_dir: Path, machine: str) -> Holder | None:
    """This machine by its name, if its library has been shared before."""
    try:
        number = (data_dir / FILE).read_text("ascii").strip()
    except FileNotFoundError:
        return None
    return Holder(number, machine) if number else None


def own_holder(data_dir: Path, machine: str) -> Holder:
    """This machine by its name, with a number from now on if it had none."""
    known = known_holder(data_dir, machine)
    if known is None:
        known = Holder(uuid.uuid4().hex, machine)
        draft = data_dir / f"{FILE}.{known.id}"
        draft.write_text(known.id, "ascii")
        draft.replace(data_dir / FILE)
    return known
