"""The child process that decodes: what it runs, and the messages it sends.

It may crash, hang or be killed, and be taken over by the file it reads: the parent believes
nothing but these messages, and unpickles none of them. A message is a letter and what belongs to
it: ``R`` (ready), ``I`` and the facts as JSON, ``B`` and log-mel frames as float32 [T, F], ``E``
(end), ``X`` and a reason as JSON.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import AudioInfo, FrontEnd, LogMel, probe, stream_mono
from tokenalign.errors import UNREADABLE, AudioFileError, reason_of

FloatArray = NDArray[np.float32]

Decode = Callable[[Path, FrontEnd], Iterator[AudioInfo | FloatArray]]
"""Yields the facts of a file, then its log-mel blocks [T_i, F]; raises AudioFileError."""

READY, INFO, BLOCK, END, FAILED = b"R", b"I", b"B", b"E", b"X"

FRAMES_PER_MESSAGE = 1024
"""About as much of the next file lies ready in the pipe while the parent is busy."""


def decode_file(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
    """Decode a file as `Decode` says."""
    yield probe(path)
    samples = stream_mono(path, sample_rate=front_end.sample_rate)
    yield from LogMel(front_end).stream(samples)


def serve(connection: Connection, decode: Decode, front_end: FrontEnd, memory_bytes: int) -> None:
    """Answer paths until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _limit_memory(memory_bytes)
    with suppress(EOFError, ConnectionError):
        connection.send_bytes(READY)
        while True:
            path = Path(connection.recv_bytes().decode("utf-8", "surrogateescape"))
            for message in messages(path, decode, front_end):
                connection.send_bytes(message)


def messages(path: Path, decode: Decode, front_end: FrontEnd) -> Iterator[bytes]:
    """What is sent about one file."""
    try:
        waiting: list[FloatArray] = []
        for item in decode(path, front_end):
            if isinstance(item, AudioInfo):
                yield INFO + _facts(item)
                continue
            waiting.append(item)
            if sum(map(len, waiting)) >= FRAMES_PER_MESSAGE:
                yield BLOCK + np.concatenate(waiting).tobytes()
                waiting.clear()
        if waiting:
            yield BLOCK + np.concatenate(waiting).tobytes()
        yield END
    except AudioFileError as error:
        yield _failed(error.reason, error.hint)
    except MemoryError:
        yield _failed("needs more memory than decoding may take", "Cut it into shorter files.")
    except OSError as error:
        reason = f"{UNREADABLE}: {reason_of(error)}"
        yield _failed(reason, "Check the disk that holds it.")


def _facts(info: AudioInfo) -> bytes:
    facts = asdict(info)
    del facts["path"]
    return json.dumps(facts).encode()


def _failed(reason: str, hint: str) -> bytes:
    return FAILED + json.dumps({"reason": reason, "hint": hint}).encode()


def _limit_memory(memory_bytes: int) -> None:
    """Let an allocation fail rather than the machine; not every system can.

    What is mapped without being written to, such as libraries, does not count.
    """
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
