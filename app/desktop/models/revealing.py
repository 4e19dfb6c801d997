"""Showing a file where it lies, and opening it: each system is asked in its own way."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from app.desktop.models.dragging import url_of

_MANAGER = "org.freedesktop.FileManager1"


def reveal(path: Path, *, parent: QObject) -> None:
    """Open the folder of a file with the file selected; just the folder where nothing can do that.

    Args:
        path: the file, or a folder.
        parent: of the question that waits for its answer.
    """
    command = command_for(path, platform=sys.platform)
    if not command:
        _ask_desktop(path, parent)
    elif not QProcess.startDetached(command[0], command[1:])[0]:
        _open_folder(path)


def open_with_its_program(path: Path) -> bool:
    """Open a file with the program that the system has for its kind; whether one was started."""
    return path.exists() and QDesktopServices.openUrl(url_of(path))


def command_for(path: Path, *, platform: str) -> list[str]:
    """What to start on a platform, as `sys.platform` calls it; empty where the desktop is asked."""
    if platform == "win32":
        return ["explorer.exe", "/select,", QDir.toNativeSeparators(str(path))]
    if platform == "darwin":
        return ["open", "-R", str(path)]
    return []


def _ask_desktop(path: Path, parent: QObject) -> None:
    """As freedesktop.org has it, without waiting; not every desktop answers."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    place = "/" + _MANAGER.replace(".", "/")
    question = QDBusMessage.createMethodCall(_MANAGER, place, _MANAGER, "ShowItems")
    address = url_of(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    question.setArguments([[address], ""])
    waiting = QDBusPendingCallWatcher(QDBusConnection.sessionBus().asyncCall(question), parent)

    def on_finished() -> None:
        if waiting.isError():
            _open_folder(path)
        waiting.deleteLater()

    waiting.finished.connect(on_finished)


def _open_folder(path: Path) -> None:
    QDesktopServices.openUrl(url_of(path.parent))
