"""Run the audio graph on the fastest processor there is, and go on without it if it fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from tokenalign.bundle_files import CPU, DIRECTML, open_graph
from tokenalign.clip import FloatArray

ACCELERATORS = {
    "CUDAExecutionProvider": "CUDA",
    "CoreMLExecutionProvider": "CoreML",
    DIRECTML: "DirectML",
}
"""ONNX Runtime's names for what it may offer beside the CPU, best first, and what people say."""

BATCH = 16
"""Pieces run at once on an accelerator. On a CPU one at a time is as fast."""

_log = logging.getLogger(__name__)


class GraphSession(Protocol):
    """What is used of ``onnxruntime.InferenceSession``."""

    def run(self, outputs: None, inputs: dict[str, FloatArray]) -> Sequence[FloatArray]:
        """All outputs of the graph."""


Open = Callable[[str], GraphSession]
"""Opens a graph on a provider of ONNX Runtime; raises whatever, if that does not work."""


@dataclass(frozen=True)
class _Opened:
    """A session, and the provider that it is on."""

    provider: str
    session: GraphSession


class SteadyGraph:
    """The audio graph, from any thread; a failing accelerator costs time and nothing else.

    Out of memory, it runs half as much at once from then on. What fails with a single piece, or
    cannot be opened, is given up for the next provider; that is logged as a warning, once.

    Args:
        open_on: opens the graph.
        providers: names of ONNX Runtime's, best first, the last of them the CPU's.
    """

    def __init__(self, open_on: Open, providers: Sequence[str]) -> None:
        self._open_on = open_on
        self._left = list(providers)
        self._lock = threading.Lock()
        self._opened = self._open_next()
        self._most = BATCH

    @property
    def takes_turns(self) -> bool:
        """Whether one thread at a time may run it: not every accelerator stands more."""
        return self._opened.provider != CPU

    @property
    def at_once(self) -> int:
        """How many pieces are worth running at once, now."""
        return self._most if self.takes_turns else 1

    @property
    def processor(self) -> str:
        """What it runs on, as people say."""
        return _said(self._opened.provider)

    def run(self, mel: FloatArray) -> list[FloatArray]:
        """The outputs, each [C, ...], for log-mel [C, T, F]."""
        opened = self._opened
        try:
            return list(opened.session.run(None, {"mel": mel}))
        except Exception as error:  # ONNX Runtime raises classes of its own for each status
            if opened.provider == CPU:
                raise
            if len(mel) == 1:
                self._give_up(opened, error)
                return self.run(mel)
        half = len(mel) // 2
        self._most = min(self._most, half)
        parts = zip(self.run(mel[:half]), self.run(mel[half:]), strict=True)
        return [np.concatenate(part) for part in parts]

    def _give_up(self, opened: _Opened, error: Exception) -> None:
        """Go on with the next provider, unless another thread has seen to that."""
        with self._lock:
            if opened is self._opened:
                _warn(opened.provider, error, then=self._left[0])
                self._opened = self._open_next()

    def _open_next(self) -> _Opened:
        provider = self._left.pop(0)
        try:
            return _Opened(provider, self._open_on(provider))
        except Exception as error:  # as above
            if not self._left:
                raise
            _warn(provider, error, then=self._left[0])
            return self._open_next()


def open_audio_graph(path: Path, threads: int | None) -> SteadyGraph:
    """The audio graph of a bundle on the best provider that works here.

    Raises:
        TokenAlignError: ONNX Runtime cannot run it at all.
    """
    import onnxruntime

    providers = preferred(onnxruntime.get_available_providers())
    return SteadyGraph(lambda provider: open_graph(path, threads, provider=provider), providers)


def preferred(available: Sequence[str]) -> list[str]:
    """Those providers that are used, best first; the CPU is always the last."""
    return [*(name for name in ACCELERATORS if name in available), CPU]


def _warn(provider: str, error: Exception, *, then: str) -> None:
    reason = str(error).strip().partition("\n")[0]
    _log.warning("%s failed (%s): going on with %s", _said(provider), reason, _said(then))


def _said(provider: str) -> str:
    return ACCELERATORS.get(provider, "the CPU")
