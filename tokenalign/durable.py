"""What has been written is on the disk before anybody counts on it."""

from __future__ import annotations

import os
from pathlib import Path


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
