"""Ctrl+C in the terminal, and a polite request to end, close the window as its button does."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts_close(close: Callable[[], object]) -> Iterator[None]:
    """Call `close` on the window's thread when this process is asked to end.

    Python sees a signal only between two of its own steps, and Qt's loop takes none while it
    waits: the byte that Python writes for each signal wakes the loop.
    """
    ours, pythons = socket.socketpair()
    pythons.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(1))
    before = [signal.signal(number, lambda *_: close()) for number in SIGNALS]
    wakeup_before = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup_before)
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
        notifier.setEnabled(False)
        ours.close()
        pythons.close()
