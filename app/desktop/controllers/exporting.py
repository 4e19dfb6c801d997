"""Exporting: a region as WAV, a grounding as labels, into a folder that stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.models.sounds import SoundRow
from app.desktop.tasks import TaskRunner
from tokenalign.grounding import Grounding
from tokenalign.labels import write_labels, write_span
from tokenalign.speech import TimedWord


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
        self, row: SoundRow, span_s: tuple[float, float], *, then: Callable[[Path], None]
    ) -> None:
        """Write a part of a sound as WAV, and then tell its path."""
        start_s, end_s = span_s

        def work() -> Path:
            target = _free(self.folder, f"{row.path.stem} {start_s:.2f}-{end_s:.2f}", "wav")
            write_span(row.path, target, start_s=start_s, end_s=end_s)
            return target

        self._runner.start(work, done=then, failed=self.failed.emit)

    def export_labels(
        self, row: SoundRow, grounding: Grounding, words: Sequence[TimedWord], suffix: str
    ) -> None:
        """Write a grounding and what is said in the format of a suffix."""

        def work() -> Path:
            target = _free(self.folder, row.path.stem, suffix)
            write_labels(target, grounding, source=row.path, words=words)
            return target

        self._runner.start(work, done=self.exported.emit, failed=self.failed.emit)

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A path in the folder that nothing has yet; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", stem)[:120] or "sound"
    target = folder / f"{stem}.{suffix}"
    number = 2
    while target.exists():
        target = folder / f"{stem} ({number}).{suffix}"
        number += 1
    return target
