"""Paths as the catalogue keeps them: the system's own bytes, and text that can be compared."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path


def prefix_of(folder: str) -> bytes:
    """What the paths of everything below a folder begin with."""
    return os.fsencode(folder.rstrip(os.sep) + os.sep)


def location_of(path: Path) -> bytes:
    """What the catalogue calls a file; links are kept."""
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 - keeps links


def comparable(text: str) -> str:
    """Text as filters compare it: without regard to case or to how accents are composed."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", whole).casefold())


def below(folder: str) -> tuple[str, tuple[bytes, bytes, bytes]]:
    """Condition for the files below a folder, or the one at this very path."""
    prefix = prefix_of(folder)
    beyond = prefix[:-1] + bytes([prefix[-1] + 1])
    return "(path = ? OR (path >= ? AND path < ?))", (os.fsencode(folder), prefix, beyond)


def path_columns(path: str) -> tuple[bytes, str, str, str]:
    """A path's bytes; and as comparable text the path, its folder and its name."""
    folder, name = os.path.split(path)
    return (os.fsencode(path), comparable(path), comparable(folder), comparable(name))
