"""Several children that decode, each for one file at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tokenalign.audio import FrontEnd
from tokenalign.library.decoding.decoder import Decoded, Decoder, DecoderLostError, Limits, Task
from tokenalign.library.decoding.worker import Decode, decode_file

MOST_CHILDREN = 8
"""More would wait for the disk and the encoder, at some 80 MB each."""


class DecoderPool:
    """Decodes as many files at a time as it has children; from as many threads.

    A child is started when no idle one is left. What befalls one harms its own file only.

    Args:
        front_end: of the log-mel that is wanted.
        decode: what the children run; a function that they can import.
        limits: what each may take.
        at_once: how many children; by default as many as there are processors, at most
            `MOST_CHILDREN`.
    """

    def __init__(
        self,
        front_end: FrontEnd,
        *,
        decode: Decode = decode_file,
        limits: Limits | None = None,
        at_once: int | None = None,
    ) -> None:
        self.at_once = at_once or min(_processors(), MOST_CHILDREN)
        self._front_end = front_end
        self._decode = decode
        self._limits = limits
        self._lock = threading.Lock()
        self._idle: list[Decoder] = []
        self._busy: list[Decoder] = []
        self._stopped = False

    @contextmanager
    def open(self, task: Task) -> Iterator[Decoded]:
        """A file as it is decoded; raises as `Decoder.open` does."""
        decoder = self._taken()
        try:
            with decoder.open(task) as decoded:
                yield decoded
        finally:
            with self._lock:
                self._busy.remove(decoder)
                self._idle.append(decoder)

    def stop(self) -> None:
        """Kill the children for good; threads that take blocks learn of it."""
        with self._lock:
            self._stopped = True
            for decoder in (*self._idle, *self._busy):
                decoder.stop()

    def close(self) -> None:
        """Let go of the children, once nobody takes blocks any more."""
        self.stop()
        for decoder in self._idle:
            decoder.close()

    def _taken(self) -> Decoder:
        with self._lock:
            if self._stopped:
                raise DecoderLostError("stopped")
            decoder = self._idle.pop() if self._idle else self._new()
            self._busy.append(decoder)
            return decoder

    def _new(self) -> Decoder:
        return Decoder(self._front_end, decode=self._decode, limits=self._limits)


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on Windows and macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
