"""An output for tests and for machines without a device: it takes samples and makes no sound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.desktop.player.outputs import Fill, OutputDevice

FloatArray = NDArray[np.float32]

BLOCK_S = 0.01


class SilentOutput:
    """Opens streams that nobody hears, one at a time.

    Args:
        rate: of its streams, in Hz.
        by_hand: samples are asked for by `render` only; otherwise in real time, by a thread that
            stands for the sound card's own.
        recording: keep what was played.
    """

    def __init__(
        self, *, rate: int = 48_000, by_hand: bool = False, recording: bool = False
    ) -> None:
        self.rate = rate
        self._by_hand = by_hand
        self._recording = recording
        self._recorded: list[FloatArray] = []
        self.stream: SilentStream | None = None

    def devices(self) -> tuple[OutputDevice, ...]:
        """The one there is."""
        return (OutputDevice("Silence", is_default=True),)

    def open(self, device: str | None, prepare: Callable[[int], Fill]) -> SilentStream:
        """Open a stream; every name is good."""
        del device
        keep = self._recorded.append if self._recording else None
        self.stream = SilentStream(rate=self.rate, fill=prepare(self.rate), keep=keep)
        if not self._by_hand:
            self.stream.run_in_real_time()
        return self.stream

    def render(self, samples: int, *, block: int = 480) -> FloatArray:
        """Ask the open stream for samples [S, 2], so many at a time."""
        assert self.stream is not None
        sizes = [min(block, samples - start) for start in range(0, samples, block)]
        return np.concatenate([self.stream.step(size) for size in sizes])

    def recorded(self) -> FloatArray:
        """Everything that was played [S, 2]."""
        return np.concatenate([np.empty((0, 2), dtype=np.float32), *self._recorded])


class SilentStream:
    """A stream whose clock counts the samples that it asked for."""

    def __init__(self, *, rate: int, fill: Fill, keep: Callable[[FloatArray], None] | None) -> None:
        self.rate = rate
        self.latency_s = 0.0
        self.active = True
        self._fill = fill
        self._keep = keep
        self._asked = 0
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def now_s(self) -> float:
        """Seconds of sound so far."""
        return self._asked / self.rate

    def step(self, samples: int) -> FloatArray:
        """Ask for samples."""
        out = np.empty((samples, 2), dtype=np.float32)
        self._fill(out, self.now_s())
        self._asked += samples
        if self._keep is not None:
            self._keep(out)
        return out

    def run_in_real_time(self) -> None:
        """Go on asking, as a sound card does."""
        self._thread = threading.Thread(target=self._run, name="silence", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask no more."""
        self.active = False
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        block = round(BLOCK_S * self.rate)
        begun_s = time.perf_counter()
        while not self._closed.wait(begun_s + self.now_s() - time.perf_counter()):
            self.step(block)
