"""Ctrl+C and a request to end reach the window while its loop waits."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.interrupts import interrupts_close


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes(qapp: QApplication, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    loop = QEventLoop()
    closed: list[bool] = []

    def close() -> None:
        closed.append(True)
        loop.quit()

    QTimer.singleShot(20, lambda: os.kill(os.getpid(), number))
    QTimer.singleShot(5_000, loop.quit)
    with interrupts_close(close):
        loop.exec()
    assert closed == [True]
    assert signal.getsignal(number) is before
