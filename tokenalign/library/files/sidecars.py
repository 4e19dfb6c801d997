"""Transcripts beside sounds, as a walk comes upon them: by name, size and time alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenalign.library.files.fingerprint import Stamp, stamp_of
from tokenalign.speech.transcripts import SUFFIXES

SUFFIX_LETTERS = 4
"""Of each of `SUFFIXES`, the dot included."""

SidecarEntries = Mapping[str, Mapping[str, os.DirEntry[str]]]
"""Of a folder: by their names without suffix, and by suffix."""


@dataclass(frozen=True)
class Sidecar:
    """A file that may hold what is said in the sound of the same name."""

    path: str
    stamp: Stamp


def sidecar_entries(entries: Iterable[os.DirEntry[str]]) -> SidecarEntries:
    """The entries of a folder that may be sidecars."""
    found: dict[str, dict[str, os.DirEntry[str]]] = {}
    for entry in entries:
        name = entry.name
        if (suffix := name[-SUFFIX_LETTERS:].lower()) in SUFFIXES:
            found.setdefault(name[:-SUFFIX_LETTERS], {})[suffix] = entry
    return found


def sidecar_of(stem: str, entries: SidecarEntries) -> Sidecar | None:
    """The sidecar of a sound among the entries of its folder, if it has one.

    Args:
        stem: the sound's name without its suffix.
        entries: of its folder.
    """
    if stem not in entries:
        return None
    for suffix in SUFFIXES:
        if (entry := entries[stem].get(suffix)) is not None:
            try:
                facts = entry.stat()
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode):
                return Sidecar(entry.path, stamp_of(facts))
    return None


def lone_sidecar_of(sound: str) -> Sidecar | None:
    """The sidecar of a sound that is looked at by itself."""
    try:
        with os.scandir(Path(sound).parent) as listing:
            return sidecar_of(Path(sound).stem, sidecar_entries(listing))
    except OSError:
        return None
