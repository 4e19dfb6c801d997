"""A file that is either written whole or not at all, and never on top of the user's audio."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from soundfile import SoundFileError

from tokenalign.durable import put_in_place
from tokenalign.errors import TokenAlignError


@contextmanager
def whole_file(target: Path, *, source: Path | None = None) -> Iterator[Path]:
    """Yield a path beside `target` to write to; it becomes `target` when all went well.

    Args:
        target: the file to make or to replace.
        source: the audio that must stay as it is, if it is made of one.

    Raises:
        TokenAlignError: `target` is `source` itself, or cannot be written: its folder is not there
            or is somebody else's, its name is too long, the disk is full.
    """
    part = target.parent / f".{uuid4().hex}.part"
    try:
        if source and target.exists() and source.exists() and target.samefile(source):
            raise TokenAlignError(
                f"{target}: is the sound itself", "choose another name to write to"
            )
        part.touch(exist_ok=False)
        try:
            yield part
            put_in_place(part, target)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, SoundFileError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise TokenAlignError(
            f"{target}: cannot write here ({reason})",
            "choose another folder or a shorter name, or make room on the disk",
        ) from problem
