"""From files to vectors, several files at a time, while the caller can report.

Each file has a thread, which takes its blocks from a decoder and puts them through the model. An
hours-long file is encoded while others come and go, and stopping takes no longer than one block.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from types import TracebackType
from typing import Protocol

import numpy as np

from tokenalign.audio import AudioInfo
from tokenalign.clip import Clip
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library.decoding.decoder import Decoded, DecoderLostError, Task
from tokenalign.library.indexing.room import Room
from tokenalign.library.model import Model
from tokenalign.library.pulse import INTERVAL_S

TRIES = 2
"""A file over which the decoder is lost so often is given up."""

MOST_AUDIO_S = 8 * 3600.0
"""Seconds of audio whose frames are in memory at a time; a longer file is alone."""

NO_SAMPLES = "no samples"


class DecoderLike(Protocol):
    """`tokenalign.library.decoding.pool.DecoderPool`, as far as it is needed here."""

    @property
    def at_once(self) -> int:
        """How many files may be open, each by a thread of its own."""

    def open(self, task: Task) -> AbstractContextManager[Decoded]:
        """The file as it is decoded."""

    def stop(self) -> None:
        """Make whoever takes blocks stop."""

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True)
class Encoded:
    """What became of a content.

    Attributes:
        digest: which it is.
        result: its facts and vectors, or why there are none.
    """

    digest: bytes
    result: tuple[AudioInfo, Clip] | AudioFileError


@dataclass
class _Job:
    """A file on its way; its thread writes `decoded` and `room_s`."""

    digest: bytes
    task: Task
    decoded: Decoded | None = None
    room_s: list[float] = field(default_factory=list)


class Encoding:
    """Encodes the files that are submitted; a context manager.

    Args:
        decoder: where blocks come from; closed at the end.
        model: what makes vectors of them, in several threads at a time.
        most_audio_s: how much audio may be in memory.
    """

    def __init__(
        self, *, decoder: DecoderLike, model: Model, most_audio_s: float = MOST_AUDIO_S
    ) -> None:
        self._decoder = decoder
        self._model = model
        self._room = Room(most_audio_s)
        self._threads = ThreadPoolExecutor(decoder.at_once, thread_name_prefix="tokenalign encoder")
        self._jobs: dict[Future[tuple[AudioInfo, Clip]], _Job] = {}

    def __enter__(self) -> Encoding:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._room.close()
        self._decoder.stop()
        self._threads.shutdown(cancel_futures=True)
        self._decoder.close()

    @property
    def ahead(self) -> int:
        """How many files are worth having submitted: each thread finds its next one ready."""
        return 2 * self._decoder.at_once

    def submit(self, digest: bytes, task: Task) -> None:
        """Have a content encoded, from this file."""
        job = _Job(digest, task)
        self._jobs[self._threads.submit(self._encode, job)] = job

    def next_done(self) -> Generator[float, None, Encoded]:
        """Wait for one of those submitted, yielding the seconds of audio done of all of them.

        Raises:
            TokenAlignError: nothing can be decoded at all.
        """
        while not any(future.done() for future in self._jobs):
            wait(self._jobs, timeout=INTERVAL_S / 2, return_when=FIRST_COMPLETED)
            yield sum(job.decoded.audio_s for job in self._jobs.values() if job.decoded)
        future = next(future for future in self._jobs if future.done())
        job = self._jobs.pop(future)
        for seconds in job.room_s:
            self._room.give_back(seconds)
        try:
            return Encoded(job.digest, future.result())
        except AudioFileError as error:
            return Encoded(job.digest, error)

    def _encode(self, job: _Job) -> tuple[AudioInfo, Clip]:
        """In a thread of its own."""
        reason = ""
        for _ in range(TRIES):
            try:
                with self._decoder.open(job.task) as decoded:
                    self._wait_for_room(job, decoded.info.duration_s)
                    job.decoded = decoded
                    return decoded.info, self._clip(str(job.task.path), decoded)
            except DecoderLostError as lost:
                reason = str(lost)
        raise AudioFileError(str(job.task.path), reason, "Convert it to WAV or FLAC.")

    def _wait_for_room(self, job: _Job, seconds: float) -> None:
        if not job.room_s:  # at the second try, it is there
            if not self._room.take(seconds):
                raise DecoderLostError("stopped")
            job.room_s.append(seconds)

    def _clip(self, path: str, decoded: Decoded) -> Clip:
        blocks = decoded.blocks()
        first = next(blocks, None)
        if first is None:
            raise AudioFileError(path, NO_SAMPLES)
        try:
            clip = self._model.encode_mel(
                chain([first], blocks), duration_s=decoded.info.duration_s
            )
        except AudioFileError:
            raise
        except TokenAlignError as error:
            raise AudioFileError(path, error.message, error.hint) from error
        if not len(clip.frames):
            raise AudioFileError(path, NO_SAMPLES)
        if not (np.isfinite(clip.frames).all() and np.isfinite(clip.windows).all()):
            raise AudioFileError(path, "the model makes vectors of it that are not finite")
        return clip
