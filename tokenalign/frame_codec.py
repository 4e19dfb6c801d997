"""How frames are stored: as a few bytes each, from which scores are computed.

A frame is the nearest of a bundle's centroids and a product-quantised residual: H. Jégou, M. Douze,
C. Schmid, "Product Quantization for Nearest Neighbor Search", PAMI 2011, sections II and IV. The
centroids' numbers are also what a search goes by first (`tokenalign.library.candidates.postings`).
Bundles without centroids store float16.

Shapes: M frames, D width, K centroids, S parts of a residual, R bytes a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Coded = NDArray[np.uint8]

SILENT = 0xFFFF
"""Stands in for a centroid where nothing sounds: such frames are zero, and stay it exactly."""

CODES = 256
"""Vectors that each part of a residual is chosen from: one byte."""

CHUNK_FRAMES = 4096
"""Frames encoded at once, so that an hours-long file takes no more memory than a short one."""


class FrameCodec(Protocol):
    """Frames to bytes and back."""

    @property
    def row_bytes(self) -> int:
        """R."""

    def encode(self, frames: FloatArray) -> Coded:
        """Frames [M, D] to rows [M, R]."""

    def decode(self, rows: Coded) -> FloatArray:
        """Rows [M, R] to frames [M, D]."""


@dataclass(frozen=True)
class HalfFrames:
    """Frames as float16.

    Attributes:
        width: D.
    """

    width: int

    @property
    def row_bytes(self) -> int:
        """R = 2 D."""
        return 2 * self.width

    def encode(self, frames: FloatArray) -> Coded:
        """Frames [M, D] to rows [M, R]."""
        return np.ascontiguousarray(frames, "<f2").view(np.uint8)

    def decode(self, rows: Coded) -> FloatArray:
        """Rows [M, R] to frames [M, D]."""
        return np.ascontiguousarray(rows).view("<f2").astype(np.float32)


@dataclass(frozen=True)
class ResidualCodes:
    """Frames as the number of a centroid and a code for each part of what is left.

    Attributes:
        centroids: [K, D], K below `SILENT`.
        residuals: [S, 256, D / S], the vectors that a part is chosen from.
    """

    centroids: FloatArray
    residuals: FloatArray

    def __post_init__(self) -> None:
        count, width = self.centroids.shape
        parts, codes, part_width = self.residuals.shape
        if count >= SILENT or codes != CODES or parts * part_width != width:
            raise ValueError("centroids [K, D] and residuals [S, 256, D / S] do not fit together")

    @property
    def row_bytes(self) -> int:
        """R = 2 + S."""
        return 2 + len(self.residuals)

    def encode(self, frames: FloatArray) -> Coded:
        """Frames [M, D] to rows [M, R]."""
        starts = range(0, len(frames), CHUNK_FRAMES)
        empty = np.empty((0, self.row_bytes), np.uint8)
        return np.concatenate([empty, *(self._rows(frames[s : s + CHUNK_FRAMES]) for s in starts)])

    def decode(self, rows: Coded) -> FloatArray:
        """Rows [M, R] to frames [M, D]."""
        numbers = self.numbers(rows)
        silent = numbers == SILENT
        parts = len(self.residuals)
        chosen = rows[:, 2:].astype(np.intp) + np.arange(0, parts * CODES, CODES)
        # `take` copies rows several times as fast as indexing does.
        parts_of_rows = np.take(self._all_residuals, chosen, axis=0, mode="clip")
        frames: FloatArray = parts_of_rows.reshape(len(rows), self.centroids.shape[1])
        frames += np.take(self.centroids, numbers, axis=0, mode="clip")
        frames[silent] = 0.0
        return frames

    @staticmethod
    def numbers(rows: Coded) -> NDArray[np.uint16]:
        """The centroid [M] of each row, or `SILENT`."""
        numbers: NDArray[np.uint16] = np.ascontiguousarray(rows[:, :2]).view("<u2")[:, 0]
        return numbers

    def _rows(self, frames: FloatArray) -> Coded:
        nearest = (frames @ self.centroids.T - self._half_squares).argmax(axis=1)
        left = (frames - self.centroids[nearest]).reshape(len(frames), len(self.residuals), -1)
        # [S, M, 256]: of a part, the product with each vector less half that vector's square.
        fit = left.transpose(1, 0, 2) @ self.residuals.transpose(0, 2, 1)
        fit -= np.square(self.residuals).sum(axis=2)[:, np.newaxis] / 2
        silent = (frames == 0).all(axis=1)
        numbers = np.where(silent, SILENT, nearest).astype("<u2")
        codes = np.where(silent[:, np.newaxis], 0, fit.argmax(axis=2).T).astype(np.uint8)
        return np.concatenate([numbers[:, np.newaxis].view(np.uint8), codes], axis=1)

    @cached_property
    def _half_squares(self) -> FloatArray:
        half: FloatArray = np.square(self.centroids).sum(axis=1) / 2
        return half

    @cached_property
    def _all_residuals(self) -> FloatArray:
        """[S * 256, D / S]."""
        return self.residuals.reshape(-1, self.residuals.shape[2])
