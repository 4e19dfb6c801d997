"""Which files a folder holds, by a walk that asks for nothing but names, sizes and times.

Names choose what is looked at (the decoder then goes by content); hidden files and folders are
left out, among them the recycle bins and resource forks that file managers leave on drives.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from tokenalign.audio.optional import M4A_SUFFIXES, reads_m4a
from tokenalign.errors import reason_of
from tokenalign.library.files.fingerprint import Stamp, stamp_of
from tokenalign.library.files.sidecars import (
    Sidecar,
    SidecarEntries,
    sidecar_entries,
    sidecar_of,
)

SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".bwf", ".rf64", ".w64"),
        *(".aif", ".aiff", ".aifc"),
        *(".flac", ".ogg", ".oga", ".opus"),
        *(".mp3", ".mp2"),
    }
)
OTHER_SUFFIXES = frozenset(
    {
        *M4A_SUFFIXES,
        *(".aac", ".caf", ".wma", ".amr", ".3ga"),
        *(".wv", ".ape", ".tta", ".mpc", ".mka", ".dsf", ".dff", ".au", ".snd", ".ac3"),
    }
)
"""Names of audio that is not read as it is: a person should hear that it was passed over."""


def suffixes_read() -> frozenset[str]:
    """Names of audio that is read with what is installed here."""
    return SUFFIXES | M4A_SUFFIXES if reads_m4a() else SUFFIXES


WINDOWS_OWN = frozenset({"$recycle.bin", "recycler", "system volume information"})
"""What Windows keeps on every drive, hidden by an attribute that other systems do not show."""

DEEPEST = 64
"""Folders below this depth are taken for a trap."""


@dataclass(frozen=True)
class Found:
    """A regular file with a name that promises audio, and the transcript beside it, if any."""

    path: str
    stamp: Stamp
    sidecar: Sidecar | None = None


@dataclass(frozen=True)
class PassedOver:
    """A file with a name that promises audio of a format that is not read."""

    path: str
    suffix: str


@dataclass(frozen=True)
class Unreadable:
    """A folder or file that could not be looked at; what it holds is unknown, not gone."""

    path: str
    reason: str


Item = Found | PassedOver | Unreadable
"""What a walk comes by."""


@dataclass(frozen=True)
class _Folder:
    path: str
    depth: int


def walk(root: str) -> Iterator[Item]:
    """Everything below a folder, each real folder once, links to folders after all real ones."""
    suffixes = suffixes_read()
    folders, links = deque([_Folder(root, 0)]), deque[_Folder]()
    seen: set[tuple[int, int]] = set()
    while folders or links:
        folder = folders.popleft() if folders else links.popleft()
        try:
            facts = os.stat(folder.path)  # noqa: PTH116 - Path would be built for every folder
            if (facts.st_dev, facts.st_ino) in seen:
                continue
            seen.add((facts.st_dev, facts.st_ino))
            with os.scandir(folder.path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(folder.path, f"cannot be read: {reason_of(error)}")
            continue
        sidecars = sidecar_entries(entries)
        for entry in entries:
            yield from _visit(entry, folder.depth + 1, folders, links, sidecars, suffixes)


def _visit(
    entry: os.DirEntry[str],
    depth: int,
    folders: deque[_Folder],
    links: deque[_Folder],
    sidecars: SidecarEntries,
    suffixes: frozenset[str],
) -> Iterator[Item]:
    """Queue a folder, report a file."""
    if is_hidden(entry.name):
        return
    try:
        if entry.is_dir():
            if depth > DEEPEST:
                yield Unreadable(entry.path, f"more than {DEEPEST} folders deep")
                return
            (links if entry.is_symlink() else folders).append(_Folder(entry.path, depth))
            return
        stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122
        if suffix.lower() in suffixes:
            facts = entry.stat()
            if stat.S_ISREG(facts.st_mode):
                yield Found(entry.path, stamp_of(facts), sidecar_of(stem, sidecars))
        elif suffix.lower() in OTHER_SUFFIXES:
            yield PassedOver(entry.path, suffix.lower())
    except FileNotFoundError:
        return  # gone since the folder was listed, or a link to nowhere
    except OSError as error:
        yield Unreadable(entry.path, f"cannot be read: {reason_of(error)}")


def is_hidden(name: str) -> bool:
    """Whether file managers do not show files and folders of this name."""
    return name.startswith(".") or name.lower() in WINDOWS_OWN


def is_empty_or_absent(root: str) -> bool:
    """Whether a root looks like a drive that is not there: no folder, or an empty mount point."""
    try:
        with os.scandir(root) as listing:
            return next(listing, None) is None
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False  # there, but not ours to read: the walk says so
