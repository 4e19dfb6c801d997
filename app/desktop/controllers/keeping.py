"""Keeping: history and settings are written off the window's thread, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.desktop.models.history import History
from app.desktop.tasks import TaskRunner


class KeepingController(QObject):
    """Reads the history when the window opens, and writes what changes.

    Args:
        history_path: the JSON file.
        parent: owner.
    """

    def __init__(self, *, history_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_path = history_path
        self._runner = TaskRunner("keep", newest_wins=False, parent=self)

    def read_history(self, then: Callable[[History], None]) -> None:
        """Read the history; a damaged one is kept aside and an empty one goes on."""
        self._runner.start(self._read, done=then)

    def _read(self) -> History:
        try:
            return History.from_json(self._history_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return History()
        except (OSError, ValueError):
            damaged = self._history_path.with_suffix(".damaged")
            self._history_path.replace(damaged)
            return History()

    def write_history(self, history: History) -> None:
        """Write the history as it is now."""
        text = history.to_json()
        self.write(self._history_path, text)

    def write(self, path: Path, text: str) -> None:
        """Write a small file, whole or not at all."""

        def work() -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)

        self._runner.start(work)

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()
