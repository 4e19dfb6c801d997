"""Exporting: a region as WAV, a grounding as labels, into a folder that stays."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.free_path import free_path
from app.desktop.models.sounds import SoundRow
from app.desktop.tasks import TaskRunner
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding
from tokenalign.labels import write_labels, write_list, write_span
from tokenalign.speech import TimedWord

LONGEST_STEM_BYTES = 200
"""File systems take names of 255; a number and the suffix come behind."""


class ExportingController(QObject):
    """Writes exports off the window's thread.

    Args:
        folder: where exports go; they are the person's and are never deleted.
        parent: owner.
    """

    exported = Signal(object)
    failed = Signal(object)

    def __init__(self, *, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._runner = TaskRunner("export", newest_wins=False, parent=self)

    def export_span(
        self,
        row: SoundRow,
        span_s: tuple[float, float],
        *,
        grounding: Grounding | None = None,
        then: Callable[[Path], None],
    ) -> None:
        """Write a part of a sound as WAV, with markers where phrases sound; then tell its path."""
        start_s, end_s = span_s

        def write(target: Path) -> None:
            write_span(row.path, target, start_s=start_s, end_s=end_s, grounding=grounding)

        self._export(f"{row.path.stem} {start_s:.2f}-{end_s:.2f}", "wav", write, then=then)

    def export_labels(
        self, row: SoundRow, grounding: Grounding, words: Sequence[TimedWord], suffix: str
    ) -> None:
        """Write a grounding and what is said in the format of a suffix."""

        def write(target: Path) -> None:
            write_labels(target, grounding, source=row.path, words=words)

        self._export(row.path.stem, suffix, write, then=self.exported.emit)

    def export_list(
        self, sounds: Callable[[], Iterable[SoundRow]], suffix: str, *, name: str, query: str
    ) -> None:
        """Write a list of sounds in the format of a suffix.

        Args:
            sounds: brings them; called off the window's thread.
            suffix: "csv" or "json".
            name: of the file.
            query: the caption that found them, or an empty string.
        """

        def write(target: Path) -> None:
            write_list(target, sounds(), query=query)

        self._export(name, suffix, write, then=self.exported.emit)

    def _export(
        self,
        stem: str,
        suffix: str,
        write: Callable[[Path], None],
        *,
        then: Callable[[Path], None],
    ) -> None:
        wish = self.folder / f"{_file_name(stem)}.{suffix}"
        self._runner.start(lambda: _written(wish, write), done=then, failed=self.failed.emit)

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()


def _written(wish: Path, write: Callable[[Path], None]) -> Path:
    """Where a file was written: the path that was wished for, or a free one like it.

    Raises:
        TokenAlignError: it could not be written there.
    """
    try:
        wish.parent.mkdir(parents=True, exist_ok=True)
        target = free_path(wish)
    except OSError as error:
        raise TokenAlignError(
            f"{wish}: cannot be written: {error.strerror}",
            "see whether the drive is there, or choose another folder for exports in Preferences",
        ) from error
    write(target)
    return target


def _file_name(stem: str) -> str:
    """A stem that every file system takes."""
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", stem) or "sound"
    while len(os.fsencode(name)) > LONGEST_STEM_BYTES:
        name = name[:-1]
    return name
