"""The one door between threads: work runs elsewhere, its news arrives on the window's thread.

Work is a function, or a generator function that yields `Progress` and returns a value. A *runner*
has one thread and does one kind of work; search and indexing have runners of their own. Nothing
else in the window starts a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from types import GeneratorType
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

from tokenalign.progress import Progress

T = TypeVar("T")

Work = Callable[[], T | Generator[Progress, None, T]]
"""What a job does, off the window's thread."""


class Job(Generic[T]):
    """One piece of work; its callbacks run on the window's thread, and none after `cancel`."""

    def __init__(
        self,
        *,
        work: Work[T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        progress: Callable[[Progress], None],
    ) -> None:
        self._work = work
        self._callbacks: dict[str, Callable[[Any], None]] = {
            "done": done,
            "failed": failed,
            "progress": progress,
        }
        self._cancelled = threading.Event()
        self._going = threading.Event()
        self._going.set()

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for this job any more."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Whether the job rests at its next report of progress."""
        return not self._going.is_set()

    def cancel(self) -> None:
        """Stop at the next report of progress, and tell nothing more."""
        self._cancelled.set()
        self._going.set()

    def pause(self) -> None:
        """Rest at the next report of progress; a cancelled job has nothing to rest from."""
        if not self.cancelled:
            self._going.clear()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._going.set()

    def run(self, tell: Callable[[str, object], None]) -> None:
        """Do the work on the calling thread; `tell` takes the name of a callback and its value."""
        if self.cancelled:
            return
        try:
            result: object = self._work()
            if isinstance(result, GeneratorType):
                result = self._drained(result, tell)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told on the window's thread
            tell("failed", error)
            return
        tell("done", result)

    def deliver(self, callback: str, value: object) -> None:
        """Call back, on the window's thread, unless the job was cancelled meanwhile."""
        if not self.cancelled:
            self._callbacks[callback](value)

    def _drained(
        self, steps: Generator[Progress, None, T], tell: Callable[[str, object], None]
    ) -> T | None:
        """The value that a generator returns; None when it was cancelled on the way."""
        while not self.cancelled:
            try:
                tell("progress", next(steps))
            except StopIteration as end:
                result: T = end.value
                return result
            self._going.wait()
        steps.close()
        return None


class TaskRunner(QObject):
    """One thread for one kind of work.

    Args:
        name: of the thread.
        newest_wins: a new job cancels those before it (search as you type); otherwise jobs wait
            for each other.
        parent: owner.
    """

    idle_changed = Signal(bool)
    _told = Signal(object, str, object)

    def __init__(self, name: str, *, newest_wins: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest_wins = newest_wins
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._closed = False
        self._jobs: list[Job[Any]] = []
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether no job runs or waits."""
        return not self._jobs

    def start(
        self,
        work: Work[T],
        *,
        done: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] = lambda _: None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> Job[T]:
        """Queue work; returns at once. After `close` or `finish` the job is born cancelled.

        Args:
            work: runs on the runner's thread.
            done: takes its result, on the window's thread.
            failed: takes the exception, on the window's thread.
            progress: takes each report, on the window's thread.
        """
        if self._newest_wins:
            self.cancel()
        job = Job(work=work, done=done, failed=failed, progress=progress)
        if self._closed:
            job.cancel()
            return job
        self._jobs.append(job)
        if len(self._jobs) == 1:
            self.idle_changed.emit(False)
        self._thread.submit(self._run, job)
        return job

    def cancel(self) -> None:
        """Cancel all jobs."""
        for job in self._jobs:
            job.cancel()

    def close(self) -> None:
        """Cancel all jobs and wait for the thread to end."""
        self.cancel()
        self._end()

    def finish(self) -> None:
        """Wait for all jobs, those that rest or wait included: for work that must not be lost."""
        for job in self._jobs:
            job.resume()
        self._end()

    def _end(self) -> None:
        """Wait for the thread, and call back before the window is gone."""
        self._closed = True
        self._thread.shutdown(wait=True)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def _run(self, job: Job[Any]) -> None:
        try:
            job.run(lambda callback, value: self._told.emit(job, callback, value))
        finally:
            self._told.emit(job, "", None)

    def _on_told(self, job: Job[Any], callback: str, value: object) -> None:
        if callback:
            job.deliver(callback, value)
            return
        self._jobs.remove(job)
        if self.idle:
            self.idle_changed.emit(True)
