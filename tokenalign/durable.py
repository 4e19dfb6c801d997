"""What has been written is on the disk before anybody counts on it."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, text: str) -> None:
    """Write a small file, UTF-8, in place of the one that is there.

    Raises:
        OSError: it could not be written; the old file is untouched, and nothing lies beside it.
    """
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}.partial")
    try:
        unfinished.write_text(text, encoding="utf-8")
        put_in_place(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)  # it is there only when something went wrong


def put_in_place(finished: Path, target: Path) -> None:
    """Give a finished file its name; after a power cut it is there, or what had the name before.

    Raises:
        OSError: the disk does not take it.
    """
    with finished.open("r+b") as file:  # Windows syncs only what may be written to
        os.fsync(file.fileno())
    finished.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names of new files durable; Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
