"""Pieces of several files that are encoded at the same time go through the graph together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tokenalign.clip import FloatArray


class Graph(Protocol):
    """`tokenalign.acceleration.SteadyGraph`, as far as it is needed here."""

    @property
    def takes_turns(self) -> bool:
        """Whether one thread at a time may run it, for as many as it likes; else all may."""

    @property
    def at_once(self) -> int:
        """How many pieces are worth running at once."""

    def run(self, mel: FloatArray) -> Sequence[FloatArray]:
        """The outputs, each [C, ...], for log-mel [C, T, F]."""


@dataclass(eq=False)
class _Piece:
    """One thread's log-mel [T, F], and what became of it."""

    mel: FloatArray
    outputs: tuple[FloatArray, ...] | None = None
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.outputs is not None or self.error is not None


class Batches:
    """Runs pieces for many threads, those of equal length in one batch.

    Nothing waits for a batch to fill: while the graph runs for one thread, the others' pieces
    gather, and the first of them to get its turn takes along what is as long as its own. Pieces
    are not padded, for a graph may hear the padding.

    Args:
        graph: what runs them.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._turn = threading.Lock()
        self._gathering = threading.Lock()
        self._waiting: list[_Piece] = []

    @property
    def are_made(self) -> bool:
        """Whether pieces of equal length run together."""
        return self._graph.takes_turns

    def run(self, mel: FloatArray) -> tuple[FloatArray, ...]:
        """The outputs for one piece [T, F], without the axis of the batch."""
        if not self.are_made:
            return tuple(output[0] for output in self._graph.run(mel[np.newaxis]))
        piece = _Piece(mel)
        with self._gathering:
            self._waiting.append(piece)
        with self._turn:
            if not piece.is_done:
                self._run_together(self._batch_with(piece))
        if piece.error is not None:
            raise piece.error
        return piece.outputs or ()

    def _batch_with(self, piece: _Piece) -> list[_Piece]:
        with self._gathering:
            equal = [other for other in self._waiting if other.mel.shape == piece.mel.shape]
            others = [other for other in equal if other is not piece]
            batch = [piece, *others[: self._graph.at_once - 1]]
            self._waiting = [other for other in self._waiting if other not in batch]
        return batch

    def _run_together(self, batch: Sequence[_Piece]) -> None:
        try:
            outputs = self._graph.run(np.stack([piece.mel for piece in batch]))
        except Exception as error:  # noqa: BLE001  # each thread raises it for its own file
            for piece in batch:
                piece.error = error
            return
        for row, piece in enumerate(batch):
            piece.outputs = tuple(output[row] for output in outputs)
