"""Watching: folders whose content changes are looked through, if the person wants that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from app.desktop.controllers.collecting import CollectingController
from app.desktop.watching import FolderWatch


class WatchingController(QObject):
    """Watches the library's folders that are there.

    Args:
        collecting: knows the folders, and takes in what is new.
        parent: owner.
    """

    def __init__(self, *, collecting: CollectingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._roots: tuple[Path, ...] = ()
        self._wanted = False
        self.watch = FolderWatch(parent=self)
        self.watch.changed.connect(collecting.index)
        collecting.roots_changed.connect(self._on_roots_changed)

    def set_wanted(self, wanted: bool) -> None:
        """Watch, or do not."""
        self._wanted = wanted
        self._apply()

    def _on_roots_changed(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)
        self._apply()

    def _apply(self) -> None:
        self.watch.watch(self._roots if self._wanted else ())

    def close(self) -> None:
        """Watch no more."""
        self.watch.close()
