"""A file that is either written whole or not at all, and never on top of the user's audio."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tokenalign.errors import TokenAlignError


@contextmanager
def whole_file(target: Path, *, source: Path) -> Iterator[Path]:
    """Yield a path beside `target` to write to; it becomes `target` when all went well.

    Args:
        target: the file to make or to replace.
        source: the audio that must stay as it is.

    Raises:
        TokenAlignError: `target` is `source` itself, or the folder cannot be written to.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise TokenAlignError(f"{target}: is the sound itself", "choose another name to write to")
    part = target.parent / f".{uuid4().hex}.part"
    try:
        part.touch(exist_ok=False)
    except OSError as problem:
        raise TokenAlignError(
            f"{target}: cannot write here ({problem.strerror})", "choose another folder"
        ) from problem
    try:
        yield part
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
