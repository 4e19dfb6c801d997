"""The windows that may answer a query, told without reading their frames.

Shapes: C contents, W windows, D width, P phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.first_stage import FirstStage
from tokenalign.frame_codec import FloatArray, ResidualCodes
from tokenalign.library.candidates.parts import Part, merged
from tokenalign.library.candidates.postings import Smoothing
from tokenalign.library.model import Bundle

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Windows that were found, [N] each.

    Attributes:
        content: place of their content in `Candidates.vector_ids`.
        window: which window of it.
        cosine: with the vector that was asked for, or what else they were chosen by.
    """

    content: NDArray[np.int64]
    window: NDArray[np.int64]
    cosine: FloatArray


class Candidates:
    """All windows of one bundle, content after content.

    Args:
        bundle: whose vectors they are.

    Attributes:
        parts: what is known of them; see `take`.
        vector_ids: [C] ascending.
        window_counts: [C] windows of each content.
        first_windows: [C] the row of each content's first window.
    """

    def __init__(self, bundle: Bundle) -> None:
        codec = bundle.frame_codec
        self._full_window = bundle.window_frames
        self._centroids = np.empty((0, bundle.width), np.float32)
        if isinstance(codec, ResidualCodes):
            self._centroids = codec.centroids
        self.parts: list[Part] = []
        self.take([])

    def take(self, parts: Sequence[Part]) -> None:
        """Take in the parts behind those that are there; small ones are joined."""
        self.parts = merged([*self.parts, *parts])
        empty = np.empty(0, np.int64)
        self.vector_ids = np.concatenate([empty, *(part.vector_ids for part in self.parts)])
        counts = np.concatenate([empty, *(part.window_counts for part in self.parts)])
        self.window_counts = counts
        self.first_windows = np.cumsum(counts) - counts
        self._content_of_row = np.repeat(np.arange(len(counts)), counts)

    @property
    def last_id(self) -> int:
        """Id of the newest vectors that are taken in."""
        return int(self.vector_ids[-1]) if len(self.vector_ids) else 0

    def content_with(self, vector_id: int) -> int | None:
        """Place of the content whose vectors have this id, None if they were not taken in."""
        place = int(np.searchsorted(self.vector_ids, vector_id))
        known = place < len(self.vector_ids) and self.vector_ids[place] == vector_id
        return place if known else None

    def rows_of(self, vector_ids: Sequence[int] | NDArray[np.int64]) -> Mask:
        """Which of all windows belong to these vectors, [W]."""
        mask: Mask = np.isin(self.vector_ids, vector_ids)[self._content_of_row]
        return mask

    def presence(self, phrases: FloatArray, stage: FirstStage) -> FloatArray:
        """How much each of the phrases [P, D] sounds in each window, nearly: [P, W].

        By the centroids of its frames; where frames are stored without, or where they have no say,
        by the cosine of the window's vector.
        """
        if stage.by_frames:
            similarity = phrases @ self._centroids.T
            smoothing = Smoothing(stage.sharpness, self._full_window)
            found = [part.presence(phrases, similarity, smoothing) for part in self.parts]
        else:
            found = [part.cosines(phrases) for part in self.parts]
        return np.concatenate([np.empty((len(phrases), 0), np.float32), *found], axis=1)

    def cosines(self, vector: FloatArray, rows: NDArray[np.int64]) -> FloatArray:
        """Of a unit vector [D] with the window vectors of rows, which ascend: [rows]."""
        ends = np.cumsum([len(part.gists) for part in self.parts])
        found = [np.empty(0, np.float32)]
        for part, own in zip(self.parts, np.split(rows, np.searchsorted(rows, ends)), strict=False):
            first = ends[len(found) - 1] - len(part.gists)
            found.append(part.gists[own - first].astype(np.float32) @ vector)
        return np.concatenate(found)

    def gists(self, content: NDArray[np.int64], window: NDArray[np.int64]) -> FloatArray:
        """Window vectors of windows of contents, in any order: [N, D]."""
        rows = self.first_windows[content] + window
        found = np.empty((len(rows), self._centroids.shape[1]), np.float32)
        first = 0
        for part in self.parts:
            own = (rows >= first) & (rows < first + len(part.gists))
            found[own] = part.gists[rows[own] - first]
            first += len(part.gists)
        return found

    def nearest(self, vectors: FloatArray, count: int, mask: Mask) -> list[Rows]:
        """For each vector [P, D] its nearest windows among those of the mask, nearest first."""
        allowed = np.flatnonzero(mask)
        return [self.best(self.cosines(vector, allowed), allowed, count) for vector in vectors]

    def best(self, values: FloatArray, rows: NDArray[np.int64], count: int) -> Rows:
        """The rows with the highest values, highest first, at most so many."""
        places = np.arange(len(rows))
        if count < len(rows):
            places = np.argpartition(-values, count)[:count]
        places = places[np.argsort(-values[places], kind="stable")]
        chosen = rows[places]
        content = self._content_of_row[chosen]
        return Rows(content, chosen - self.first_windows[content], values[places])
