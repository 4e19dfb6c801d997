"""A bundle is made beside the place where it shall be, and put there once it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokenalign.bundle import MANIFEST
from tokenalign.durable import sync_folder
from tokenalign.errors import TokenAlignError


@contextmanager
def bundle_place(out: Path) -> Iterator[Path]:
    """A fresh folder to make a bundle in, which becomes `out` at the end.

    So nothing of another bundle is left in it, and one that was there stays until the new one is
    calibrated; after a failure it is as it was.

    Raises:
        TokenAlignError: `out` is a file, or a folder of other things.
    """
    _check_free(out)
    making, former = (out.with_name(f"{out.name}.{what}") for what in ("partial", "former"))
    shutil.rmtree(making, ignore_errors=True)  # of an export that was killed
    making.mkdir(parents=True)
    try:
        yield making
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    shutil.rmtree(former, ignore_errors=True)
    if out.exists():
        out.rename(former)
    making.rename(out)
    sync_folder(out.parent)
    shutil.rmtree(former, ignore_errors=True)


def _check_free(out: Path) -> None:
    if not out.exists() or (out / MANIFEST).is_file():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise TokenAlignError(
            f"{out}: there is something else than a bundle", "give --out a folder of its own"
        )
