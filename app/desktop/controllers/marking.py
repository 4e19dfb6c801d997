"""Marking: favourites and collections, which are the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.models.results import ResultsModel
from app.desktop.tasks import TaskRunner
from app.desktop.workshop import Workshop


class MarkingController(QObject):
    """Writes marks into the library, off the window's thread.

    Args:
        workshop: library and model.
        results: rows whose stars change.
        parent: owner.
    """

    marked = Signal()
    failed = Signal(object)

    def __init__(
        self, *, workshop: Workshop, results: ResultsModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._results = results
        self._runner = TaskRunner("marks", newest_wins=False, parent=self)

    def set_favourite(self, paths: Sequence[Path], favourite: bool) -> None:
        """Give or take stars; they show once they are safe on the disk."""
        self._runner.start(
            lambda: self._workshop.library().set_favourite(paths, favourite),
            done=lambda _: self._on_favourite_set(paths, favourite),
            failed=self.failed.emit,
        )

    def _on_favourite_set(self, paths: Sequence[Path], favourite: bool) -> None:
        self._results.set_favourite(paths, favourite)
        self.marked.emit()

    def collect(self, paths: Sequence[Path], name: str) -> None:
        """Put sounds into a collection."""
        self._runner.start(
            lambda: self._workshop.library().collect(name, paths),
            done=lambda _: self.marked.emit(),
            failed=self.failed.emit,
        )

    def uncollect(self, paths: Sequence[Path], name: str) -> None:
        """Take sounds out of a collection."""
        self._runner.start(
            lambda: self._workshop.library().uncollect(name, paths),
            done=lambda _: self.marked.emit(),
            failed=self.failed.emit,
        )

    def close(self) -> None:
        """Wait for what is being written."""
        self._runner.finish()
