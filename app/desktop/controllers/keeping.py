"""Keeping: history and settings are written off the window's thread, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.models.history import History
from app.desktop.tasks import TaskRunner
from tokenalign.durable import write_whole
from tokenalign.errors import TokenAlignError


class KeepingController(QObject):
    """Reads the history when the window opens, and writes what changes.

    Args:
        history_path: the JSON file.
        parent: owner.
    """

    failed = Signal(object)

    def __init__(self, *, history_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_path = history_path
        self._runner = TaskRunner("keep", newest_wins=False, parent=self)
        self._newest: dict[Path, str] = {}

    def read_history(self, then: Callable[[History], None]) -> None:
        """Read the history; a damaged one is kept aside and an empty one goes on."""
        self._runner.start(lambda: _history(self._history_path), done=then, failed=self.failed.emit)

    def write_history(self, history: History) -> None:
        """Write the history as it is now."""
        self.write(self._history_path, history.to_json())

    def write(self, path: Path, text: str) -> None:
        """Write a small file, whole or not at all; of several texts that wait, the newest one."""
        self._newest[path] = text
        self._runner.start(lambda: self._write_newest(path), failed=self.failed.emit)

    def _write_newest(self, path: Path) -> None:
        text = self._newest.pop(path, None)
        if text is None:
            return  # a job before this one found and wrote it
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as error:
            raise TokenAlignError(
                f"{path}: cannot be written: {error.strerror or error}",
                "what you chose holds until the window closes; check whether the disk is full or "
                "the folder is write-protected",
            ) from error

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()


def _history(path: Path) -> History:
    try:
        return History.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, RecursionError) as error:
        _set_aside(path, error)
        return History()


def _set_aside(path: Path, error: Exception) -> None:
    """Keep a damaged file, so that the next one does not replace it."""
    try:
        path.replace(path.with_suffix(".damaged"))
    except OSError as stuck:
        raise TokenAlignError(
            f"{path}: cannot be read: {error}", "move it away, or check that you may read it"
        ) from stuck
