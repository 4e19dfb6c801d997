"""The parent's side of decoding: a child process that may crash or hang without harm.

It answers one path after the other. Its pipe holds little: the child waits when its blocks are not
taken, so that a file of hours takes no more memory than one of seconds.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library.decoding.start import ending, starting
from tokenalign.library.decoding.worker import END, FAILED, INFO, READY, Decode, decode_file, serve

FloatArray = NDArray[np.float32]


END_S = 5.0
"""A killed child has ended by then, unless the system waits for a drive that does not answer."""


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
    answering: bool = False


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
    """Decodes one file at a time, in a child that is started with the first of them.

    A child that is lost is started anew with the next file.

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
        self._child: _Child | None = None
        self._stopped = False

    @contextmanager
    def open(self, task: Task) -> Iterator[Decoded]:
        """A file as it is decoded.

        Raises:
            AudioFileError: the file cannot be used (here or while blocks are taken).
            DecoderLostError: the child was lost over it (here or while blocks are taken).
            TokenAlignError: no child can be started.
        """
        child = self._child or self._start()
        child.answering = True
        try:
            self._await_start(child)
            _send(child, task)
            patience = _Patience(self._limits.least_s + task.size_bytes / self._limits.bytes_per_s)
            info = self._info(child, task, patience)
            blocks = self._blocks(child, task, patience)
            yield Decoded(info, blocks, front_end=self._front_end)
        finally:
            if child.answering:  # the rest of its answer must not reach the next file
                self._end_child()

    def stop(self) -> None:
        """Kill the child for good; another thread may be taking blocks, and learns of it."""
        self._stopped = True
        if (child := self._child) is not None:
            with suppress(ValueError):  # closed meanwhile, by the thread that has lost it
                child.process.kill()

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
        with starting():
            process.start()
        theirs.close()
        self._child = _Child(process, ours)
        if self._stopped:  # meanwhile, by another thread, which then saw no child to kill
            process.kill()
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
            child.answering = False
        if message[:1] == FAILED:
            raise AudioFileError(str(task.path), **json.loads(message[1:]))
        return message

    def _end_child(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            with ending():
                child.process.kill()
                child.process.join(timeout=END_S)
                if child.process.exitcode is not None:
                    child.process.close()
            child.connection.close()


def _send(child: _Child, task: Task) -> None:
    with suppress(ConnectionError):  # that it is gone shows when its answer is waited for
        child.connection.send_bytes(str(task.path).encode("utf-8", "surrogateescape"))


def _how_it_ended(child: _Child) -> str:
    child.process.join(timeout=END_S)
    code = child.process.exitcode or 0
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
