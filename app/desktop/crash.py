"""When the program itself fails: a log in the platform's folder for state, and one dialog."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QtMsgType,
    QUrl,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox

LOG = "tokenalign.log"
HARD_CRASHES = "crash.txt"
LOG_BYTES = 1_000_000


def state_folder() -> Path:
    """The platform's place for logs, or $TOKENALIGN_STATE_DIR."""
    chosen = os.environ.get("TOKENALIGN_STATE_DIR")
    return Path(chosen) if chosen else platformdirs.user_state_path("tokenalign", appauthor=False)


class CrashLog(QObject):
    """Writes down what nobody caught, and tells the person once.

    Args:
        folder: where the log is kept.
    """

    caught = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / LOG
        self.last_hard_crash = _taken(folder / HARD_CRASHES)
        self._log = logging.getLogger("tokenalign.window")
        self._handler = RotatingFileHandler(
            self.path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self._log.addHandler(self._handler)
        self._hard_crashes = (folder / HARD_CRASHES).open("w", encoding="utf-8")
        self._told = False
        self.caught.connect(self._tell)

    def install(self) -> None:
        """From now on, hear of every failure of this process."""
        faulthandler.enable(self._hard_crashes)
        sys.excepthook = self.note
        threading.excepthook = lambda failure: self.note(
            failure.exc_type, failure.exc_value, failure.exc_traceback
        )
        qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Leave the process as it was."""
        faulthandler.disable()
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        self._log.removeHandler(self._handler)
        self._handler.close()
        self._hard_crashes.close()

    def note(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write a failure down; from any thread. Ctrl+C in the terminal is none."""
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        self._log.error("%s", text)
        self.caught.emit(text)

    def note_error(self, error: Exception) -> None:
        """Write down a failure of a job."""
        self.note(type(error), error, error.__traceback__)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        self._log.warning("Qt: %s", text)

    def _tell(self, text: str) -> None:
        """One dialog; what follows is in the log."""
        if self._told:
            return
        self._told = True
        box = QMessageBox()
        box.setIcon(QMessageBox.Icon.Critical)
        box.setWindowTitle("TokenAlign")
        box.setText("Something went wrong inside the program.")
        box.setInformativeText(
            f"Your sounds and your library are safe. What happened is written in {self.path}. "
            "You can go on; if the program behaves oddly, start it again."
        )
        box.setDetailedText(text)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        folder = box.addButton("Open folder", QMessageBox.ButtonRole.ActionRole)
        box.addButton(QMessageBox.StandardButton.Close)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))
        )
        box.open()
        self._box = box


def _taken(path: Path) -> str:
    """The trace that a hard crash of the run before left."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
