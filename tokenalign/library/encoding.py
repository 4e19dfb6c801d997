"""One file's vectors: the decoder's blocks go through the model, while the caller can report.

The model takes blocks in a thread of its own, so that an hours-long file is encoded while reports
and commits go on, and so that stopping takes no longer than one block.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from itertools import chain
from types import TracebackType
from typing import Protocol

import numpy as np

from tokenalign.audio import AudioInfo
from tokenalign.clip import Clip
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library.decoder import Decoded, DecoderLostError, Task
from tokenalign.library.model import Model
from tokenalign.library.pulse import INTERVAL_S

TRIES = 2
"""A file over which the decoder is lost so often is given up."""

NO_SAMPLES = "no samples"


class DecoderLike(Protocol):
    """`tokenalign.library.decoder.Decoder`, as far as it is needed here."""

    def submit(self, task: Task) -> None:
        """Have a file decoded ahead."""

    def open(self, task: Task) -> AbstractContextManager[Decoded]:
        """The file as it is decoded."""

    def stop(self) -> None:
        """Make whoever takes blocks stop."""

    def close(self) -> None:
        """Let go of everything."""


class Encoding:
    """Encodes files in the order in which they are submitted; a context manager.

    Args:
        decoder: where blocks come from; closed at the end.
        model: what makes vectors of them.
    """

    def __init__(self, *, decoder: DecoderLike, model: Model) -> None:
        self._decoder = decoder
        self._model = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tokenalign encoder")
        self._decoded: Decoded | None = None

    def __enter__(self) -> Encoding:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._decoder.stop()
        self._thread.shutdown()
        self._decoder.close()

    def submit(self, task: Task) -> None:
        """Have a file decoded ahead."""
        self._decoder.submit(task)

    def encode(self, task: Task) -> Generator[float, None, tuple[AudioInfo, Clip]]:
        """Encode the oldest submitted file, yielding the seconds of audio done so far.

        Raises:
            AudioFileError: the file cannot be used.
            TokenAlignError: nothing can be decoded at all.
        """
        reason = ""
        for _ in range(TRIES):
            try:
                return (yield from self._while_running(self._thread.submit(self._encode, task)))
            except DecoderLostError as lost:
                reason = str(lost)
        raise AudioFileError(str(task.path), reason, "Convert it to WAV or FLAC.")

    def _while_running(
        self, future: Future[tuple[AudioInfo, Clip]]
    ) -> Generator[float, None, tuple[AudioInfo, Clip]]:
        try:
            while wait([future], timeout=INTERVAL_S / 2).not_done:
                yield self._decoded.audio_s if self._decoded else 0.0
        finally:
            if not future.done():
                self._decoder.stop()
        return future.result()

    def _encode(self, task: Task) -> tuple[AudioInfo, Clip]:
        self._decoded = None
        with self._decoder.open(task) as decoded:
            self._decoded = decoded
            return decoded.info, self._clip(str(task.path), decoded)

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
