"""Pictures of the window's main states: ``python -m app.desktop.screenshots FOLDER``.

Renders and indexes the demo library first, which takes half a minute. Without a display it
draws offscreen.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.command import has_display
from app.desktop.stage import Stage, staged
from tokenalign.soundscapes import write_demo_library

CAPTION = "a dog barks, then rain falls"
UNKNOWN = "a didgeridoo plays"
THEMES = ("light", "dark")


def main(arguments: list[str]) -> int:
    """Take all pictures; the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m app.desktop.screenshots FOLDER\n")
        return 2
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["TOKENALIGN_AUDIO"] = "silent"
    pictures = Path(arguments[0])
    pictures.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="tokenalign-") as folder:
        sounds = Path(folder) / "Sounds"
        for _ in write_demo_library(sounds):
            pass
        (sounds / "broken take.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEjunk")
        for theme in THEMES:
            _take(pictures, Path(folder) / theme, sounds, theme)
    application.processEvents()
    return 0


def _take(pictures: Path, folder: Path, sounds: Path, theme: str) -> None:
    """The pictures of one theme."""
    folder.mkdir()
    with staged(folder, theme=theme) as stage:
        program = stage.program

        def keep(name: str, widget: QWidget | None = None) -> None:
            stage.live_for(0.3)
            (widget or program.window).grab().save(str(pictures / f"{theme}-{name}.png"))

        keep("1-empty")
        program.collecting.add([sounds])
        stage.wait_until(lambda: program.rows.sounds > 10 or not program.collecting.indexing)
        keep("2-indexing")
        stage.wait_until(lambda: not program.collecting.indexing)
        stage.wait_until(stage.at_rest)
        keep("3-library")
        _searches(stage, keep)


def _searches(stage: Stage, keep: Callable[..., None]) -> None:
    program = stage.program
    stage.search(CAPTION)
    stage.select(0)
    program.timeline.mark((2.0, 6.5), finished=True)
    program.timeline.show_playhead(4.1)
    keep("4-results")
    program.actions["attention"].trigger()
    keep("5-attention")
    program.actions["attention"].trigger()
    stage.search(UNKNOWN)
    keep("6-nothing-matches")
    program.searching.show_where("duration<")
    stage.wait_until(stage.at_rest)
    keep("7-error")
    program.searching.show_where("")
    for name, command in (("8-palette", "palette"), ("9-keys", "keys")):
        program.actions[command].trigger()
        stage.live_for(0.3)
        dialog = QApplication.activeModalWidget() or QApplication.activeWindow()
        if dialog is not None:
            keep(name, dialog)
            dialog.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
