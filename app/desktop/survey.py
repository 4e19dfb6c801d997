"""Which folders there are to watch, and where somebody is still writing; free of Qt."""

from __future__ import annotations

import os
import stat
import time
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tokenalign.library.files.scanner import is_hidden
from tokenalign.library.pulse import Pulse
from tokenalign.progress import Progress


@dataclass(frozen=True)
class Survey:
    """What a walk through the folders found.

    Attributes:
        folders: real ones, those further up first; each once, however many ways lead there.
        complete: whether these are all.
        unsettled: folders with a file that was written a moment ago.
    """

    folders: tuple[str, ...]
    complete: bool
    unsettled: frozenset[str]


def survey(
    roots: Iterable[Path], *, most: int, known: frozenset[str], quiet_s: float
) -> Generator[Progress, None, Survey]:
    """Walk through roots and their subfolders, hidden ones left out as the library does.

    Args:
        roots: where to begin; those that are absent are passed over.
        most: folders at the most.
        known: folders in which nobody writes; the others are looked at for that.
        quiet_s: a file that is older than this is taken for finished; 0: no file is looked at.
    """
    waiting = deque(str(root) for root in roots)
    found: dict[tuple[int, int], str] = {}
    unsettled: set[str] = set()
    pulse = Pulse()
    while waiting and len(found) < most:
        folder = waiting.popleft()
        identity = _identity(folder)
        if identity is None or identity in found:
            continue
        found[identity] = folder
        below, newest_s = _look_into(folder, files_too=quiet_s > 0 and folder not in known)
        waiting.extend(below)
        if 0 <= time.time() - newest_s < quiet_s:
            unsettled.add(folder)
        if pulse.due():
            yield Progress("watch", len(found), item=folder)
    return Survey(tuple(found.values()), not waiting, frozenset(unsettled))


def _identity(folder: str) -> tuple[int, int] | None:
    """Device and inode; None for what is no folder, is absent or cannot be asked."""
    try:
        facts = os.stat(folder)  # noqa: PTH116  # a Path for every folder would cost more than this
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if stat.S_ISDIR(facts.st_mode) else None


def _look_into(folder: str, *, files_too: bool) -> tuple[list[str], float]:
    """Subfolders by name, and when the newest file was written."""
    below: list[str] = []
    newest_s = 0.0
    for entry in _listed(folder):
        with suppress(OSError):  # gone meanwhile
            if entry.is_dir():
                below.append(entry.path)
            elif files_too:
                newest_s = max(newest_s, entry.stat().st_mtime)
    return sorted(below), newest_s


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """What is not hidden; nothing where the folder is not ours to read."""
    try:
        with os.scandir(folder) as listing:
            return [entry for entry in listing if not is_hidden(entry.name)]
    except OSError:
        return []
