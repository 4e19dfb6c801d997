"""Holding this process, and those it starts, to a few cores, so that figures can be compared."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CORES = 2
"""What the whole bench runs on, where the system can be told."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Use so many of the cores that this process may use; on Linux, elsewhere all of them."""
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    _hold_to(sorted(allowed)[:count])
    try:
        yield
    finally:
        _hold_to(allowed)


def _hold_to(cores: Iterable[int]) -> None:
    """Every thread: those that libraries have begun would not follow the one that asks."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread.name), cores)


def environment(threads: int) -> dict[str, str]:
    """The environment of a process whose libraries use so many threads.

    Python keeps its byte code there, as it does for people: a build machine that forbids it
    compiles the whole program at every start.
    """
    variables = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(threads))}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables
