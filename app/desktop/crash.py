"""When the program itself fails: a log in the platform's folder for state, and one dialog."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import tempfile
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    QUrl,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

LOG = "tokenalign.log"
HARD_CRASHES = "crash.txt"
LOG_BYTES = 1_000_000
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def state_folder() -> Path:
    """The platform's place for logs, or $TOKENALIGN_STATE_DIR."""
    chosen = os.environ.get("TOKENALIGN_STATE_DIR")
    return Path(chosen) if chosen else platformdirs.user_state_path("tokenalign", appauthor=False)


class CrashLog(QObject):
    """Writes down what nobody caught, and tells the person: one dialog at a time, each thing once.

    Args:
        folder: where the log is kept; where nothing can be written, a temporary one is used.
    """

    caught = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder = _writable(folder)
        self.path = folder / LOG
        self._handlers = _handlers(self.path)
        self._log = logging.getLogger("tokenalign.window")
        for handler in self._handlers:
            self._log.addHandler(handler)
        if before := _text(folder / HARD_CRASHES):
            self._log.warning("the program ended hard before this start:\n%s", before)
        self._hard_crashes = (folder / HARD_CRASHES).open("w", encoding="utf-8")
        self._told: set[str] = set()
        self._dialog: FailureDialog | None = None
        # Queued, since a failure may come from a thread, or out of the middle of painting.
        self.caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on, hear of every failure of this process."""
        self._hooks_before = (sys.excepthook, threading.excepthook, faulthandler.is_enabled())
        faulthandler.enable(self._hard_crashes)
        sys.excepthook = self.note
        threading.excepthook = lambda failure: self.note(
            failure.exc_type, failure.exc_value, failure.exc_traceback
        )
        self._messages_before = qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Leave the process as it was."""
        sys.excepthook, threading.excepthook, faults_were_shown = self._hooks_before
        faulthandler.disable()
        if faults_were_shown:
            faulthandler.enable()
        qInstallMessageHandler(self._messages_before)
        for handler in self._handlers:
            self._log.removeHandler(handler)
            handler.close()
        self._hard_crashes.close()

    def note(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write a failure down; from any thread. Ctrl+C in the terminal and an exit are none."""
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
        elif not issubclass(kind, SystemExit):
            text = "".join(traceback.format_exception(kind, error, trace))
            self._log.error("%s", text)
            self.caught.emit(text)

    def note_error(self, error: Exception) -> None:
        """Write down a failure of a job."""
        self.note(type(error), error, error.__traceback__)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        self._log.log(LEVELS[kind], "Qt: %s", text)

    def _tell(self, text: str) -> None:
        """One dialog; what fails while it is open is in the log."""
        if self._dialog is not None or text in self._told:
            return
        self._told.add(text)
        over = QApplication.activeWindow()
        self._dialog = FailureDialog(log=self.path, details=text, parent=over)
        self._dialog.destroyed.connect(self._on_told)
        self._dialog.open()

    def _on_told(self) -> None:
        self._dialog = None


class FailureDialog(QDialog):
    """Says that the program failed, where that is written down, and how to pass it on.

    Args:
        log: the file.
        details: the trace.
        parent: the window over which it opens.
    """

    def __init__(self, *, log: Path, details: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("TokenAlign")
        self._report = f"{log}\n\n{details}"
        layout = QVBoxLayout(self)
        for text in (
            "Something went wrong inside the program. Your sounds and your library are safe: "
            "you can go on. If the program behaves oddly, start it again.",
            f"What happened is written in {log}",
        ):
            layout.addWidget(_label(text))
        layout.addWidget(_details(details), 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self._copy = QPushButton("Copy details")
        self._copy.setToolTip("Copy the log's path and the details")
        self._copy.clicked.connect(self._copy_report)
        show = QPushButton("Show log")
        show.setToolTip("Open the log's folder")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent))))
        for button in (self._copy, show):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text())
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        layout.addWidget(buttons)
        unit = self.fontMetrics().height()
        self.resize(36 * unit, 20 * unit)

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._copy.setText("Copied")


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label


def _details(text: str) -> QPlainTextEdit:
    details = QPlainTextEdit(text)
    details.setReadOnly(True)
    details.setTabChangesFocus(True)
    details.setAccessibleName("Details")
    details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    details.moveCursor(details.textCursor().MoveOperation.End)  # what failed stands last
    return details


def _handlers(path: Path) -> tuple[logging.Handler, ...]:
    """Everything goes to the file; failures also to the terminal, where there is one."""
    file = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.ERROR)
    return file, terminal


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tokenalign-"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
