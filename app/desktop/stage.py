"""A program of the window on a folder of its own: for pictures of it, and for measurements."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from app.desktop.program import Program
from app.desktop.settings import Settings, SettingsFile
from app.desktop.theme import apply_theme
from app.desktop.workshop import Workshop
from app.doors import real_doors

PATIENCE_S = 120.0


class Stage:
    """One running program.

    Args:
        program: begun and shown.
    """

    def __init__(self, program: Program) -> None:
        self.program = program

    def wait_until(self, condition: Callable[[], bool], *, patience_s: float = PATIENCE_S) -> None:
        """Let the window live until something is so.

        Raises:
            TimeoutError: it never was.
        """
        give_up_at = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > give_up_at:
                raise TimeoutError("the window did not get there")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def live_for(self, seconds_s: float) -> None:
        """Let the window live for a while."""
        until = time.monotonic() + seconds_s
        self.wait_until(lambda: time.monotonic() >= until)

    def index(self, folder: Path) -> None:
        """Take a folder in, and wait until all of it is there."""
        collecting = self.program.collecting
        collecting.add([folder])
        self.wait_until(lambda: not collecting.indexing)

    def search(self, caption: str) -> None:
        """Look for a caption, and wait for the answer."""
        self.program.searching.search(caption)
        self.wait_until(self.at_rest)

    def select(self, place: int) -> None:
        """Select a row, and wait until it is drawn."""
        self.program.results.select_row(place)
        self.wait_until(self.at_rest)

    def at_rest(self) -> bool:
        """Whether everything that was asked has been answered."""
        program = self.program
        runners = (*program.searching.runners(), *program.showing.runners())
        return all(runner.idle for runner in runners)


@contextmanager
def staged(
    folder: Path, *, theme: str = "light", bundle: str = "starter", auto_play: bool = False
) -> Iterator[Stage]:
    """A program whose library and settings lie in a folder; closed at the end.

    There must be a `QApplication`.
    """
    program = program_in(
        folder, data_dir=folder / "library", bundle=bundle, theme=theme, auto_play=auto_play
    )
    program.window.resize(1360, 860)
    program.window.show()
    program.begin()
    stage = Stage(program)
    try:
        stage.wait_until(stage.at_rest)
        yield stage
    finally:
        program.close()
        program.window.deleteLater()


def program_in(
    folder: Path,
    *,
    data_dir: Path,
    bundle: str = "starter",
    theme: str = "light",
    auto_play: bool = False,
) -> Program:
    """A program whose settings lie in a folder; not shown and not begun yet.

    There must be a `QApplication`.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    settings = SettingsFile(folder / "window.json")
    settings.values = Settings(
        theme=theme, auto_play=auto_play, rescan_at_start=False, export_folder=str(folder / "out")
    )
    apply_theme(application, theme)
    return Program(
        workshop=Workshop(
            doors=real_doors(),
            data_dir=data_dir,
            bundle=bundle,
        ),
        settings=settings,
        on_bug=_raise,
    )


def _raise(error: Exception) -> None:
    raise error
