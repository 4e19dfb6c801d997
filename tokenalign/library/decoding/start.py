"""What surrounds the start of a child that decodes: threads of its libraries, and Ctrl+C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries below NumPy look at when they are loaded."""

_ONE_AT_A_TIME = threading.RLock()
"""The environment and the list of children are the whole process's."""


@contextmanager
def starting() -> Iterator[None]:
    """Start a child herein: it keeps to one thread, and never hears Ctrl+C."""
    with _ONE_AT_A_TIME, _one_thread_each(), _out_of_reach_of_ctrl_c():
        yield


@contextmanager
def ending() -> Iterator[None]:
    """Wait for a killed child herein: multiprocessing would let two threads wait for one."""
    with _ONE_AT_A_TIME:
        yield


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Have NumPy of a child started herein keep to one thread.

    Its products are small: more threads would take turns waiting, the more so beside an encoder.
    """
    before = {name: os.environ.get(name) for name in THREAD_SETTINGS}
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _out_of_reach_of_ctrl_c() -> Iterator[None]:
    """Let Ctrl+C wait until a child has all that it needs to start; the child never hears it.

    A mask of signals is inherited: what a terminal sends to both of them is for the parent.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # else started within, which would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _ctrl_c_put_off():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _ctrl_c_put_off() -> Iterator[None]:
    """Have Ctrl+C interrupt after, not within.

    A mask would not do: it is one thread's, and whichever thread the system hands a signal to,
    Python interrupts the main one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        for number in came[:1]:
            signal.raise_signal(number)
