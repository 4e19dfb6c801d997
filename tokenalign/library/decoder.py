"""The parent's side of decoding: a child process that may crash or hang without harm.

The child is started when the first file is submitted and works ahead: while one file's blocks
are encoded, it decodes the next. A child that is lost is started anew, and what was submitted to
it is submitted again.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library.decoder_worker import (
    END,
    FAILED,
    INFO,
    READY,
    Decode,
    decode_file,
    serve,
)

FloatArray = NDArray[np.float32]

THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries below NumPy look at when they are loaded."""


@dataclass(frozen=True)
class Limits:
    """What decoding may take.

    Attributes:
        start_s: for the child to come up.
        least_s: that the parent waits for a file, however small.
        bytes_per_s: a file of so many bytes gets a second more.
        memory_bytes: that the child may write to.
    """

    start_s: float = 60.0
    least_s: float = 30.0
    bytes_per_s: float = 500_000.0
    memory_bytes: int = 2 << 30


@dataclass(frozen=True)
class Task:
    """A file to decode."""

    path: Path
    size_bytes: int


class Decoded:
    """A file as it comes from the child.

    Attributes:
        info: its facts.
        audio_s: seconds of audio in the blocks taken so far.
    """

    def __init__(
        self, info: AudioInfo, blocks: Iterator[FloatArray], *, front_end: FrontEnd
    ) -> None:
        self.info = info
        self.audio_s = 0.0
        self._blocks = blocks
        self._seconds_per_frame = front_end.hop_samples / front_end.sample_rate

    def blocks(self) -> Iterator[FloatArray]:
        """Log-mel frames [T_i, F], to be taken once."""
        for block in self._blocks:
            self.audio_s += len(block) * self._seconds_per_frame
            yield block


class DecoderLostError(Exception):
    """The child crashed or hung over a file; the message is a reason to list."""


@dataclass
class _Child:
    process: SpawnProcess
    connection: Connection
    ready: bool = False


class _Patience:
    """How long the parent waits for a file in all; while it does other work no time passes."""

    def __init__(self, seconds: float) -> None:
        self._whole_s = self._left_s = seconds

    def receive(self, child: _Child) -> bytes:
        """The next message; raises DecoderLostError if none comes, or patience is at its end."""
        started = time.monotonic()
        try:
            if not child.connection.poll(self._left_s):
                raise DecoderLostError(f"decoding takes longer than {self._whole_s:.0f} s")
            message = child.connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise DecoderLostError(f"the decoder crashed ({_how_it_ended(child)})") from error
        self._left_s -= min(self._left_s, time.monotonic() - started)
        return message


class Decoder:
    """Decodes files in the order in which they are submitted.

    Args:
        front_end: of the log-mel that is wanted.
        decode: what the child runs; a function that it can import.
        limits: what it may take.
    """

    def __init__(
        self, front_end: FrontEnd, *, decode: Decode = decode_file, limits: Limits | None = None
    ) -> None:
        self._front_end = front_end
        self._decode = decode
        self._limits = limits or Limits()
        self._tasks: deque[Task] = deque()  # submitted, and not yet answered to the end
        self._child: _Child | None = None
        self._stopped = False

    def submit(self, task: Task) -> None:
        """Have a file decoded as soon as those before it are."""
        self._tasks.append(task)
        if self._child is None:
            self._start()
        else:
            _send(self._child, task)

    @contextmanager
    def open(self, task: Task) -> Iterator[Decoded]:
        """The oldest submitted file, or one that was lost and is submitted again hereby.

        Raises:
            AudioFileError: the file cannot be used (here or while blocks are taken).
            DecoderLostError: the child was lost over it (here or while blocks are taken).
            TokenAlignError: no child can be started.
        """
        if task not in self._tasks:
            self._tasks.appendleft(task)
        child = self._child or self._start()
        patience = _Patience(self._limits.least_s + task.size_bytes / self._limits.bytes_per_s)
        try:
            self._await_start(child)
            info = self._info(child, task, patience)
            blocks = self._blocks(child, task, patience)
            yield Decoded(info, blocks, front_end=self._front_end)
        finally:
            if task in self._tasks:  # the rest of its answer must not reach the next file
                self._tasks.remove(task)
                self._end_child()

    def stop(self) -> None:
        """Kill the child for good; another thread may be taking blocks, and learns of it."""
        self._stopped = True
        if self._child is not None:
            self._child.process.kill()

    def close(self) -> None:
        """Let go of the child, once nobody takes blocks any more."""
        self.stop()
        self._end_child()

    def _start(self) -> _Child:
        if self._stopped:
            raise DecoderLostError("stopped")
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve,
            args=(theirs, self._decode, self._front_end, self._limits.memory_bytes),
            name="tokenalign decoder",
            daemon=True,
        )
        with _one_thread_each(), _out_of_reach_of_ctrl_c():
            process.start()
        theirs.close()
        self._child = _Child(process, ours)
        if self._stopped:  # meanwhile, by another thread, which then saw no child to kill
            process.kill()
        for task in self._tasks:
            _send(self._child, task)
        return self._child

    def _await_start(self, child: _Child) -> None:
        if child.ready:
            return
        try:
            child.ready = _Patience(self._limits.start_s).receive(child) == READY
        except DecoderLostError as error:
            raise TokenAlignError(
                f"the process that decodes audio cannot be started: {error}",
                'In a script, index below: if __name__ == "__main__":',
            ) from error

    def _info(self, child: _Child, task: Task, patience: _Patience) -> AudioInfo:
        message = self._answer(child, task, patience)
        if message[:1] != INFO:
            raise DecoderLostError("the decoder lost its place")
        return AudioInfo(path=task.path, **json.loads(message[1:]))

    def _blocks(self, child: _Child, task: Task, patience: _Patience) -> Iterator[FloatArray]:
        while (message := self._answer(child, task, patience)) != END:
            frames = np.array(np.frombuffer(message, np.uint8)[1:]).view(np.float32)
            yield frames.reshape(-1, self._front_end.mel_bands)

    def _answer(self, child: _Child, task: Task, patience: _Patience) -> bytes:
        """The next message about a file."""
        message = patience.receive(child)
        if message[:1] in (END, FAILED):
            self._tasks.remove(task)
        if message[:1] == FAILED:
            raise AudioFileError(str(task.path), **json.loads(message[1:]))
        return message

    def _end_child(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.process.kill()
            child.process.join()
            child.process.close()
            child.connection.close()


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


def _send(child: _Child, task: Task) -> None:
    with suppress(ConnectionError):  # that it is gone shows when its answer is waited for
        child.connection.send_bytes(str(task.path).encode("utf-8", "surrogateescape"))


def _how_it_ended(child: _Child) -> str:
    child.process.join(timeout=5)
    code = child.process.exitcode or 0
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
