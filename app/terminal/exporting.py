"""The option ``--export``: a file to write to beside what is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def export_option(suffixes: Sequence[str], *, what: str) -> Callable[[Decorated], Decorated]:
    """The option, as the command's argument ``target``.

    Args:
        suffixes: that the name may end in; another is refused before any work is done.
        what: is written, as the help says it.
    """
    known = ", ".join(suffixes)

    def with_known_suffix(
        _context: click.Context, _option: click.Parameter, target: Path | None
    ) -> Path | None:
        if target is not None and target.suffix.lower() not in map(str.lower, suffixes):
            raise click.BadParameter(f"{target.name} does not end in {known}")
        return target

    return click.option(
        "--export",
        "target",
        metavar="OUT",
        type=Path,
        callback=with_known_suffix,
        help=f"Also write {what} to a file; its name ends in {known}.",
    )
