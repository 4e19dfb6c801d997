"""The composition root of the window: builds the parts, joins them, runs until it is closed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.crash import CrashLog, state_folder
from app.desktop.icon import icon
from app.desktop.interrupts import interrupts_close
from app.desktop.program import Program
from app.desktop.settings import SettingsFile
from app.desktop.theme import apply_theme
from app.desktop.workshop import Workshop
from app.session import DEFAULT_BUNDLE, Session


def run(session: Session, folders: Sequence[Path]) -> None:
    """Open the window, take folders in, and stay until it is closed."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("TokenAlign")
    application.setDesktopFileName("tokenalign")
    application.setWindowIcon(icon())
    crash_log = CrashLog(state_folder())
    crash_log.install()
    settings = SettingsFile.of_platform()
    apply_theme(application, settings.values.theme)
    program = Program(
        workshop=Workshop(
            doors=session.parts.doors,
            data_dir=session.data_dir,
            bundle=bundle_of(session, settings),
            speech=settings.values.speech,
        ),
        settings=settings,
        on_bug=crash_log.note_error,
    )
    program.window.show()
    QTimer.singleShot(
        0, lambda: program.begin(folders)
    )  # the first paint comes before anything is opened
    with interrupts_close(program.window.close):
        application.exec()
    program.close()
    crash_log.uninstall()


def bundle_of(session: Session, settings: SettingsFile) -> str:
    """The model that was asked for, else the one chosen last, else the default."""
    return session.bundle or settings.values.bundle or DEFAULT_BUNDLE
