from __future__ import annotations

import faulthandler
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.desktop.crash import HARD_CRASHES, LOG, CrashLog, FailureDialog, state_folder

pytestmark = [pytest.mark.qt_no_exception_capture, pytest.mark.no_qt_log]


@pytest.fixture
def crash_log(qtbot: QtBot, tmp_path: Path) -> Iterator[CrashLog]:
    """Installed, and taken out again."""
    crash_log = CrashLog(tmp_path / "state")
    crash_log.install()
    yield crash_log
    crash_log.uninstall()
    for dialog in dialogs():
        dialog.close()
    qtbot.waitUntil(lambda: not dialogs(), timeout=5000)


class Button(QObject):
    clicked = Signal()


def dialogs() -> list[FailureDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, FailureDialog)]


def until_told(qtbot: QtBot) -> FailureDialog:
    qtbot.waitUntil(lambda: bool(dialogs()), timeout=5000)
    return dialogs()[0]


def fail(text: str) -> None:
    raise ZeroDivisionError(text)


def note(crash_log: CrashLog, text: str) -> None:
    """Let the log hear of a failure."""
    try:
        fail(text)
    except ZeroDivisionError as error:
        crash_log.note_error(error)


def test_a_failure_in_a_slot_is_written_down_and_told(
    qtbot: QtBot, crash_log: CrashLog, capsys: pytest.CaptureFixture[str]
) -> None:
    button = Button()
    button.clicked.connect(lambda: fail("in the slot"))
    button.clicked.emit()
    dialog = until_told(qtbot)
    assert crash_log.path.read_text(encoding="utf-8").count("ZeroDivisionError: in the slot") == 1
    assert dialog.isVisible()
    assert any(str(crash_log.path) in label.text() for label in dialog.findChildren(QLabel))


def test_a_failure_of_a_timer_and_of_a_thread_are_written_down(
    qtbot: QtBot, crash_log: CrashLog
) -> None:
    QTimer.singleShot(0, lambda: fail("in the timer"))
    thread = threading.Thread(target=fail, args=("in the thread",))
    thread.start()
    thread.join()
    qtbot.waitUntil(
        lambda: "in the timer" in crash_log.path.read_text(encoding="utf-8"), timeout=5000
    )
    assert "in the thread" in crash_log.path.read_text(encoding="utf-8")
    assert until_told(qtbot).thread() is QApplication.instance().thread()  # type: ignore[union-attr]


def test_there_is_one_dialog_at_a_time_and_what_follows_is_in_the_log(
    qtbot: QtBot, crash_log: CrashLog
) -> None:
    for text in ("first", "second", "third"):
        note(crash_log, text)
    until_told(qtbot)
    qtbot.wait(20)
    assert len(dialogs()) == 1
    written = crash_log.path.read_text(encoding="utf-8")
    assert all(f"ZeroDivisionError: {text}" in written for text in ("first", "second", "third"))


def test_after_the_dialog_was_closed_a_new_failure_is_told_but_not_the_same(
    qtbot: QtBot, crash_log: CrashLog
) -> None:
    note(crash_log, "each time it paints")
    until_told(qtbot).close()
    qtbot.waitUntil(lambda: not dialogs(), timeout=5000)
    note(crash_log, "each time it paints")
    qtbot.wait(20)
    assert dialogs() == []
    note(crash_log, "another one")
    assert until_told(qtbot).isVisible()


def test_a_failure_is_not_told_before_the_event_that_failed_is_over(
    crash_log: CrashLog,
) -> None:
    note(crash_log, "while painting")
    assert dialogs() == []


def test_details_are_copied_with_the_logs_path_and_the_dialog_stays(
    qtbot: QtBot, crash_log: CrashLog
) -> None:
    note(crash_log, "<b>bold</b>")
    dialog = until_told(qtbot)
    copy = next(
        button for button in dialog.findChildren(QPushButton) if button.text() == "Copy details"
    )
    copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(str(crash_log.path))
    assert copied.rstrip().endswith("ZeroDivisionError: <b>bold</b>")
    assert dialog.isVisible()


def test_the_dialogs_buttons_have_names_and_close_closes(qtbot: QtBot, crash_log: CrashLog) -> None:
    note(crash_log, "first")
    dialog = until_told(qtbot)
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    assert all(button.text() for button in buttons.buttons())
    buttons.button(QDialogButtonBox.StandardButton.Close).click()
    qtbot.waitUntil(lambda: not dialogs(), timeout=5000)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_and_an_exit_are_no_failures(
    qtbot: QtBot, crash_log: CrashLog, kind: type[BaseException]
) -> None:
    crash_log.note(kind, kind(), None)
    qtbot.wait(20)
    assert crash_log.path.read_text(encoding="utf-8") == ""
    assert dialogs() == []


def test_an_interrupt_ends_the_program_quietly(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.desktop.crash import CrashLog
application = QApplication([])
CrashLog(Path(sys.argv[1])).install()
def interrupt():
    raise KeyboardInterrupt
QTimer.singleShot(0, interrupt)
QTimer.singleShot(20000, lambda: application.exit(3))
sys.exit(application.exec())
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / LOG).read_text(encoding="utf-8") == ""


def test_what_qt_says_is_written_by_its_weight(
    crash_log: CrashLog, capsys: pytest.CaptureFixture[str]
) -> None:
    qWarning("a plugin is missing")
    written = crash_log.path.read_text(encoding="utf-8")
    assert "WARNING Qt: a plugin is missing" in written
    assert "a plugin is missing" not in capsys.readouterr().err


def test_a_hard_crash_of_the_run_before_is_moved_to_the_log(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / HARD_CRASHES).write_text("Fatal Python error: Segmentation fault\n")
    crash_log = CrashLog(tmp_path)
    crash_log.install()
    crash_log.uninstall()
    assert "Segmentation fault" in crash_log.path.read_text(encoding="utf-8")
    assert (tmp_path / HARD_CRASHES).read_text(encoding="utf-8") == ""


def test_a_hard_crash_leaves_its_trace(tmp_path: Path) -> None:
    program = """
import ctypes, sys
from pathlib import Path
from app.desktop.crash import CrashLog
log = CrashLog(Path(sys.argv[1]))
log.install()
ctypes.string_at(0)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert ended.returncode != 0
    assert "string_at" in (tmp_path / HARD_CRASHES).read_text(encoding="utf-8")


def test_uninstalling_leaves_everything_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    def ours(*_: object) -> None:
        """Somebody else's hook."""

    hooks = (sys.excepthook, threading.excepthook)
    handlers = list(logging.getLogger("tokenalign.window").handlers)
    faults_shown = faulthandler.is_enabled()
    sys.excepthook = threading.excepthook = ours
    try:
        crash_log = CrashLog(tmp_path)
        crash_log.install()
        assert sys.excepthook is not ours
        assert threading.excepthook is not ours
        crash_log.uninstall()
        assert sys.excepthook is ours
        assert threading.excepthook is ours
    finally:
        sys.excepthook, threading.excepthook = hooks
    assert logging.getLogger("tokenalign.window").handlers == handlers
    assert faulthandler.is_enabled() == faults_shown


def test_where_nothing_can_be_written_a_temporary_folder_is_used(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    crash_log = CrashLog(tmp_path / "file" / "state")
    crash_log.install()
    note(crash_log, "after all")
    crash_log.uninstall()
    assert crash_log.path.parent.parent == tmp_path / "temporary"
    assert "after all" in crash_log.path.read_text(encoding="utf-8")


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENALIGN_STATE_DIR", str(tmp_path))
    assert state_folder() == tmp_path
