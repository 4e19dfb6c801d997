"""Sounds on disk by the names that tables give them.

A folder is walked once. Tables and disks disagree about spaces at the end of a name, about
characters that some file systems forbid, about composed accents and about the format, so a name
is looked for as it is first, and then without all that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tokenalign.library.files.scanner import SUFFIXES, Found, walk
from trainer.datasets.values import CaptionedClip

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


class AudioFiles:
    """The sounds below a folder.

    Args:
        folder: where they lie, at any depth.
        below: only those in a folder of one of these names; all, when this is empty or when
            `folder` itself has such a name and no folder inside it.
    """

    def __init__(self, folder: Path, below: Iterable[str] = ()) -> None:
        self._folder = folder
        self._exact: dict[str, Path] = {}
        self._loose: dict[str, Path] = {}
        for path in _chosen(folder, frozenset(below)):
            self._exact.setdefault(path.name, path)
            self._loose.setdefault(_loose(path.name), path)
        self._paths = {*self._exact.values(), *self._loose.values()}

    def path_of(self, *names: str) -> Path:
        """The file of the first name that is there, or where the first would be."""
        for name in names:
            found = self._exact.get(name) or self._loose.get(_loose(name))
            if found is not None:
                return found
        return self._folder / names[0]

    def missing(self, clips: Iterable[CaptionedClip]) -> tuple[str, ...]:
        """The ids of the clips whose file is not among these."""
        return tuple(clip.id for clip in clips if clip.path not in self._paths)


def _chosen(folder: Path, below: frozenset[str]) -> list[Path]:
    paths = [Path(found.path) for found in walk(str(folder)) if isinstance(found, Found)]
    inside = [path for path in paths if below & set(path.relative_to(folder).parts[:-1])]
    everything = not below or (not inside and folder.resolve().name in below)
    return paths if everything else inside


def without_suffix(name: str) -> str:
    """A name without the ending of an audio format; other dots belong to the name."""
    stem, dot, suffix = name.strip().rpartition(".")
    return stem.strip() if (dot + suffix).lower() in SUFFIXES else name.strip()


def _loose(name: str) -> str:
    return unicodedata.normalize("NFC", without_suffix(name)).translate(_FORBIDDEN)
