"""A file that is either written whole or not at all, and never on top of what it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from soundfile import SoundFileError

from tokenalign.durable import put_in_place
from tokenalign.errors import TokenAlignError


@contextmanager
def whole_file(
    target: Path, *, source: Path | None = None, texts: Iterable[Path] = ()
) -> Iterator[Path]:
    """Yield a path beside `target` to write to; it becomes `target` when all went well.

    Args:
        target: the file to make or to replace.
        source: the audio that must stay as it is, if it is made of one.
        texts: the files that say what is said in it, and must stay too.

    Raises:
        TokenAlignError: `target` is `source` itself or one of `texts`, or cannot be written: its
            folder is not there or is somebody else's, its name is too long, the disk is full.
    """
    part = target.parent / f".{uuid4().hex}.part"
    try:
        if source and _is_same(target, source):
            raise _taken(target, "is the sound itself")
        if any(_is_same(target, text) for text in texts):
            raise _taken(target, "is the sound's transcript")
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


def _is_same(target: Path, other: Path) -> bool:
    return target.exists() and other.exists() and target.samefile(other)


def _taken(target: Path, reason: str) -> TokenAlignError:
    return TokenAlignError(f"{target}: {reason}", "choose another name to write to")
