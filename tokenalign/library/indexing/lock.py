"""One writer at a time: a lock file that the system lets go of when its holder dies."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokenalign.errors import TokenAlignError, reason_of

HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
"""What systems say of a lock that somebody has; whatever else they say, the lock cannot be had."""

PID_BYTES = 20
"""The lock file holds the holder's process id, padded to this length."""


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the lock at `path` for as long as the block runs.

    Raises:
        TokenAlignError: another process, or another thread of this one, holds it; it cannot be
            opened, or its file system knows no locks.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _not_lockable(path, error) from error
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno not in HELD:
                raise _not_lockable(path, error) from error
            raise TokenAlignError(
                f"{path.parent}: process {_holder(descriptor)} is writing to this library",
                "Wait until it is done, or stop it; searching works meanwhile.",
            ) from error
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, str(os.getpid()).ljust(PID_BYTES).encode())
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, PID_BYTES).decode("ascii", "replace").strip() or "unknown"


def _not_lockable(path: Path, error: OSError) -> TokenAlignError:
    return TokenAlignError(
        f"{path}: cannot be locked for writing: {reason_of(error)}",
        "Keep the library where you may write, on a disk that knows file locks: --data-dir.",
    )


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, PID_BYTES, os.SEEK_SET)  # a locked byte could not be read by others
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
