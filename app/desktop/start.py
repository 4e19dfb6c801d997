"""The composition root of the window: builds the parts, joins them, runs until it is closed."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.crash import install_crash_log
from app.desktop.program import Program
from app.desktop.settings import SettingsFile
from app.desktop.theme import apply_theme
from app.desktop.workshop import Doors, Workshop
from app.terminal.session import Session


def run(session: Session) -> None:
    """Open the window and stay until it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("TokenAlign")
    application.setDesktopFileName("tokenalign")
    install_crash_log(Path(platformdirs.user_state_path("tokenalign", appauthor=False)))
    settings = SettingsFile.of_platform()
    apply_theme(application, settings.values.theme)
    program = Program(
        workshop=Workshop(
            doors=Doors(
                open_library=session.parts.open_library,
                load_model=session.parts.load_model,
                installed_bundles=lambda: tuple(session.parts.installed_bundles()),
            ),
            data_dir=session.data_dir,
            bundle=session.bundle,
        ),
        settings=settings,
    )
    program.window.show()
    # The first paint comes before anything is opened.
    QTimer.singleShot(0, program.begin)
    application.exec()
    program.close()
