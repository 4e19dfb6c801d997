"""Transcripts beside sounds, as a walk comes upon them: by name, size and time alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenalign.library.files.fingerprint import Stamp, stamp_of
from tokenalign.speech.transcripts import SUFFIXES

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
        stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - a Path for every entry
        if suffix.lower() in SUFFIXES:
            found.setdefault(stem, {})[suffix.lower()] = entry
    return found


def sidecar_of(sound: str, entries: SidecarEntries) -> Sidecar | None:
    """The sidecar of a sound among the entries of its folder, if it has one."""
    stem = os.path.splitext(os.path.basename(sound))[0]  # noqa: PTH119, PTH122
    beside = entries.get(stem, {})
    for suffix in SUFFIXES:
        if (entry := beside.get(suffix)) is not None:
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
            return sidecar_of(sound, sidecar_entries(listing))
    except OSError:
        return None
