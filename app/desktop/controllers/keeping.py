"""Keeping: history and settings are written off the window's thread, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.history_file import HistoryFile
from app.desktop.models.history import History
from app.desktop.tasks import TaskRunner
from tokenalign.durable import write_whole
from tokenalign.errors import TokenAlignError, reason_of


class KeepingController(QObject):
    """Reads the history when the window opens, and writes what changes.

    Args:
        history_path: the JSON file.
        parent: owner.
    """

    failed = Signal(object)

    def __init__(self, *, history_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_file = HistoryFile(history_path)
        self._runner = TaskRunner("keep", newest_wins=False, parent=self)
        self._newest: dict[Path, Callable[[], None]] = {}  # what writes it, by the file

    def read_history(self, then: Callable[[History], None]) -> None:
        """Read the history; one that cannot be read is told, and an empty one goes on."""
        self._runner.start(self._history_file.read, done=then, failed=self.failed.emit)

    def write_history(self, history: History) -> None:
        """Write the history as it is now; what other windows have saved stays in the file."""
        file, text = self._history_file, history.to_json()
        self._put(file.path, lambda: file.write(text))

    def write(self, path: Path, text: str) -> None:
        """Write a small file, whole or not at all; of several texts that wait, the newest one."""
        self._put(path, lambda: write_whole(path, text))

    def _put(self, path: Path, write: Callable[[], None]) -> None:
        self._newest[path] = write
        self._runner.start(lambda: self._write_newest(path), failed=self.failed.emit)

    def _write_newest(self, path: Path) -> None:
        write = self._newest.pop(path, None)
        if write is None:
            return  # a job before this one found and wrote it
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write()
        except OSError as error:
            raise TokenAlignError(
                f"{path}: cannot be written: {reason_of(error)}",
                "what you chose holds until the window closes; check whether the disk is full or "
                "the folder is write-protected",
            ) from error

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()
