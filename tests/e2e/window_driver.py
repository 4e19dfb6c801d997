"""Runs the window as `tokenalign window` does, uses it like a person, and prints what it saw.

Run by `test_window.py` in a process of its own: ``python window_driver.py DATA_DIR SOUNDS``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Generator
from typing import Any
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop.player.silent import SilentOutput
from app.desktop.program import Program
from app.main import main

CAPTION = "a dog barks, then rain falls"
DEMO_SOUNDS = 60
PATIENCE_S = 120.0

Steps = Generator[None, None, None]


def use(program: Program, output: SilentOutput, seen: dict[str, Any]) -> Steps:
    """What a person does; at each yield the window lives on for a moment."""
    window = program.window
    seen["platform"] = QGuiApplication.platformName()
    window.activateWindow()  # nobody manages windows on a display in memory
    while not window.isActiveWindow():
        yield
    while program.collecting.indexing or program.rows.sounds < DEMO_SOUNDS:
        yield
    seen["sounds"] = program.rows.sounds
    QTest.keyClicks(program.bar.field, CAPTION)
    QTest.keyClick(program.bar.field, Qt.Key.Key_Return)
    while program.showing.row is None or program.rows.browsing:
        yield
    QTest.keyClick(program.bar.field, Qt.Key.Key_Down)
    while program.showing.grounding is None:
        yield
    row = program.showing.row
    assert row is not None
    seen["first"] = row.name
    seen["heard"] = [phrase.found for phrase in program.showing.grounding.phrases]
    focused = QApplication.focusWidget() or window
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    silence = len(output.recorded())
    QTest.keyClick(focused, Qt.Key.Key_1)
    while len(output.recorded()) < silence + 72_000:
        yield
    seen["loudest"] = float(np.abs(output.recorded()[silence:]).max())
    QTest.keyClick(focused, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def drive(steps: Steps) -> None:
    """Take the next step every 50 ms, as long as there is patience."""
    give_up_at = time.monotonic() + PATIENCE_S
    timer = QTimer(QApplication.instance())

    def step() -> None:
        if time.monotonic() > give_up_at:
            QApplication.exit(3)
        elif next(steps, "done") == "done":
            timer.stop()

    timer.timeout.connect(step)
    timer.start(50)


def run() -> int:
    """Start the program with a player that records, and let `use` use it."""
    output = SilentOutput(recording=True)
    seen: dict[str, Any] = {}
    begin = Program.begin

    def begin_and_drive(program: Program, *arguments: Any) -> None:
        begin(program, *arguments)
        drive(use(program, output, seen))

    with (
        patch.object(Program, "begin", begin_and_drive),
        patch("app.desktop.player.player.chosen_output", lambda _: output),
    ):
        seen["status"] = main(["window", "--data-dir", sys.argv[1], sys.argv[2]])
    sys.stdout.write(json.dumps(seen))
    return 0


if __name__ == "__main__":
    sys.exit(run())
