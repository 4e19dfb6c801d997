"""Watching: notices on its own when something changes in the library's folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.desktop.actions import with_keys
from app.desktop.survey import Survey, survey
from app.desktop.tasks import TaskRunner
from app.plain import counted

QUIET_S = 2.0
"""News wait until nothing has changed for so long: folders are copied in file by file."""

MOST_FOLDERS = 8_000
"""Systems lend out few watches, and other programs want some."""

AT_ONCE = 64
"""Folders handed to the system between two events of the window: about a millisecond's work."""


class FolderWatch(QObject):
    """Watches folders with all that is below them.

    Files that come, go or get another name are noticed; a file that is written over in place is
    found by a rescan. The walk through the folders runs on a thread of its own. A file that is
    still being written keeps its folder waiting, so that nothing is read half. Folders that are
    absent are not watched.

    Signals:
        changed: list of the roots below which something changed, after `quiet_s` of quiet.
        told: a line for the person, about folders that cannot be watched.
        failed: an unexpected exception: a bug of the program.

    Args:
        quiet_s: seconds without a change before `changed`.
        most_folders: the rest is left to rescans.
        parent: owner.
    """

    changed = Signal(list)
    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        *,
        quiet_s: float = QUIET_S,
        most_folders: int = MOST_FOLDERS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._quiet_s = quiet_s
        self._most_folders = most_folders
        self._roots: tuple[Path, ...] = ()
        self._news: frozenset[str] = frozenset()
        self._to_tell: frozenset[Path] = frozenset()
        self._to_drop: tuple[str, ...] = ()
        self._to_add: tuple[str, ...] = ()
        self._is_whole = True
        self._told_limits = False
        self._walking = TaskRunner("watch", newest_wins=True, parent=self)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_directory_changed)
        self._quiet = self._timer(self._look, interval_ms=round(quiet_s * 1000))
        self._next = self._timer(self._hand_over, interval_ms=0)

    def _timer(self, effect: Callable[[], None], *, interval_ms: int) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(effect)
        return timer

    @property
    def folders(self) -> frozenset[str]:
        """The folders that are watched now."""
        return frozenset(self._watcher.directories())

    def watch(self, roots: Sequence[Path]) -> None:
        """Watch these roots instead of those before; none: rest. Returns at once."""
        if tuple(roots) != self._roots:
            self._roots = tuple(roots)
            self._told_limits = False
            self._look()

    def close(self) -> None:
        """Watch nothing any more, and wait for the thread to end."""
        self._quiet.stop()
        self._next.stop()
        self._watcher.directoryChanged.disconnect(self._on_directory_changed)
        self._watcher.deleteLater()
        self._walking.close()

    def _on_directory_changed(self, folder: str) -> None:
        self._news |= {folder}
        self._quiet.start()

    def _look(self) -> None:
        """Walk through the roots: there may be new folders, and files that are being written."""
        walk = survey(
            self._roots,
            most=self._most_folders,
            known=self.folders - self._news,
            quiet_s=self._quiet_s if self._news else 0.0,
        )
        self._walking.start(lambda: walk, done=self._on_found, failed=self.failed.emit)

    def _on_found(self, found: Survey) -> None:
        if self._quiet.isActive():
            return  # something changed during the walk: the next one tells of both
        settled, self._news = self._news - found.unsettled, found.unsettled
        if self._news:
            self._quiet.start()
        self._to_tell |= {Path(folder) for folder in settled}
        present = self.folders
        self._to_drop = tuple(present.difference(found.folders))
        self._to_add = tuple(folder for folder in found.folders if folder not in present)
        self._is_whole = found.complete
        self._hand_over()

    def _hand_over(self) -> None:
        """Give folders to the system, a few at a time; tell the news when all are there.

        A folder with another name is let go first: the system knows it by its inode alone.
        """
        if self._to_drop:
            some, self._to_drop = self._to_drop[:AT_ONCE], self._to_drop[AT_ONCE:]
            self._watcher.removePaths(some)
        elif self._to_add:
            some, self._to_add = self._to_add[:AT_ONCE], self._to_add[AT_ONCE:]
            self._is_whole &= not self._watcher.addPaths(some)
        if self._to_drop or self._to_add:
            self._next.start()
        else:
            self._tell()

    def _tell(self) -> None:
        """The watch begins before the news are told: what changes from here on is noticed."""
        if not (self._is_whole or self._told_limits):
            self._told_limits = True
            count = counted(len(self.folders), "folder")
            rescan = with_keys("a rescan", "rescan")
            self.told.emit(f"{count} watched; changes in the others are found by {rescan}.")
        news, self._to_tell = self._to_tell, frozenset()
        roots = [root for root in self._roots if any(each.is_relative_to(root) for each in news)]
        if roots:
            self.changed.emit(roots)
