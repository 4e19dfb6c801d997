"""Enabling: which commands make sense just now, and which of them are switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtGui import QAction

from app.desktop.actions import COMMANDS


class EnablingController(QObject):
    """Greys the actions that would do nothing, and ticks those that are on.

    Args:
        actions: by id, with their effects connected: those come first.
        needs: whether what a command needs is there, by the names that commands have for it.
        ticks: whether a command that can be on is, by its id.
        changes: what tells that one of these may be different.
        parent: of the controller.
    """

    def __init__(
        self,
        *,
        actions: Mapping[str, QAction],
        needs: Mapping[str, Callable[[], bool]],
        ticks: Mapping[str, Callable[[], bool]],
        changes: Iterable[SignalInstance],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._needs = needs
        self._ticks = ticks
        for changed in changes:
            changed.connect(lambda *_: self.update())
        self.update()

    def update(self) -> None:
        """Grey and tick as things are now."""
        for command in COMMANDS:
            action = self._actions[command.id]
            action.setEnabled(self._needs[command.needs]())
            if command.toggles:
                action.setChecked(self._ticks[command.id]())
