"""What a file's bytes are, told by a hash, so that moves and copies need no second encoding."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from tokenalign.audio.opening import open_regular
from tokenalign.errors import UNREADABLE, AudioFileError, reason_of

DIGEST_BYTES = 32
BLOCK_BYTES = 1 << 20

CHANGED = "changed while it was read; the next index takes it up"


@dataclass(frozen=True)
class Stamp:
    """What the file system says of a file: another size or time means other bytes."""

    size: int
    mtime_ns: int


def stamp_of(facts: os.stat_result) -> Stamp:
    """The stamp in what `stat` says."""
    return Stamp(facts.st_size, facts.st_mtime_ns)


def fingerprint(path: Path) -> Generator[float, None, tuple[Stamp, bytes]]:
    """Hash a file (BLAKE2b); returns its stamp and digest.

    Yields after each `BLOCK_BYTES` the seconds of audio encoded meanwhile, none.

    Raises:
        AudioFileError: it cannot be read, is no regular file, or changed meanwhile.
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    with open_regular(path) as file:
        stamp = stamp_of(os.fstat(file.fileno()))
        try:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
                yield 0.0
        except OSError as error:
            reason = f"{UNREADABLE}: {reason_of(error)}"
            raise AudioFileError(str(path), reason, "Check the disk that holds it.") from error
        if stamp_of(os.fstat(file.fileno())) != stamp:
            raise AudioFileError(str(path), CHANGED)
    return stamp, digest.digest()


def is_unchanged(path: Path, stamp: Stamp) -> bool:
    """Whether the file is still what was hashed, by size and time."""
    try:
        return stamp_of(path.stat()) == stamp
    except OSError:
        return False
