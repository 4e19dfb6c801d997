"""Helping: all commands to choose from, the keys, and what the program is made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.desktop.actions import COMMANDS
from app.desktop.crash import LOG, state_folder
from app.desktop.models.about import own_version, parts
from app.desktop.views.about import AboutDialog
from app.desktop.views.palette import CommandPalette
from app.desktop.views.shortcuts import ShortcutSheet


class HelpingController:
    """Opens what helps; each time anew, so that it tells how things are now.

    Args:
        window: what the dialogs belong to.
        actions: by the id of their command.
        data_dir: of the library.
    """

    def __init__(self, *, window: QWidget, actions: Mapping[str, QAction], data_dir: Path) -> None:
        self._window = window
        self._actions = actions
        self._data_dir = data_dir

    def open_palette(self) -> None:
        """All commands, to be found by typing."""
        CommandPalette(actions=self._actions, parent=self._window).open()

    def open_keys(self) -> None:
        """The sheet of keys."""
        ShortcutSheet(commands=COMMANDS, parent=self._window).open()

    def open_about(self) -> None:
        """Version, licences, and where log and library lie."""
        AboutDialog(
            version=own_version(),
            parts=parts(),
            log=state_folder() / LOG,
            library=self._data_dir,
            parent=self._window,
        ).open()
