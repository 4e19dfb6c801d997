"""Outlines of sounds for drawing, kept on disk: a cache that may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tokenize import TokenError

import numpy as np

from tokenalign.audio.peaks import Peaks, peaks

BINS = 4000

DAMAGED = (ValueError, TypeError, IndexError, SyntaxError, TokenError, MemoryError, OverflowError)
"""What NumPy raises over damaged arrays, whose header it reads as Python's words."""


class Outlines:
    """Waveform outlines by file, size and time of change.

    Args:
        folder: where they are kept; made when first needed.
    """

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder

    def of(self, path: Path) -> Peaks:
        """The outline of a sound, from the cache or made now.

        Raises:
            AudioFileError: the sound cannot be read.
        """
        kept = self._folder / f"{_key(path)}.npy"
        try:
            return _read(kept)
        except (OSError, *DAMAGED):  # not there yet, or damaged: it is only a cache
            outline = peaks(path, bins=BINS)
            self._keep(kept, outline)
            return outline

    def _keep(self, kept: Path, outline: Peaks) -> None:
        partial = kept.with_suffix(f".{os.getpid()}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                np.save(file, _packed(outline))
            partial.replace(kept)
        except OSError:  # a full disk costs the cache, nothing else
            with suppress(OSError):
                partial.unlink()


def _key(path: Path) -> str:
    try:
        stat = path.stat()
        facts = f"{stat.st_size}:{stat.st_mtime_ns}"
    except OSError:
        facts = "absent"
    return hashlib.sha256(os.fsencode(path) + facts.encode()).hexdigest()[:32]


def _packed(outline: Peaks) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """[3, B]: lowest, highest, and the duration in the corner of the third row."""
    third = np.zeros_like(outline.low)
    third[:1] = outline.duration_s
    return np.stack([outline.low, outline.high, third]).astype(np.float32)


def _read(kept: Path) -> Peaks:
    with kept.open("rb") as file:  # not by np.load, which takes archives and pickles as well
        low, high, third = np.lib.format.read_array(file, allow_pickle=False)
    return Peaks(low, high, float(third[0]))
