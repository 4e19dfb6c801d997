"""The windows that may answer a query, found by their vectors: FAISS over all of them, in memory.

Built from the segments when first needed, and from then on only what other processes have added
is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenalign.library.rows import VectorRow
from tokenalign.library.segments import DamagedVectorsError, SegmentReader

FloatArray = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Windows that were found, [C] each.

    Attributes:
        content: place of their content in `Candidates.contents`.
        window: which window of it.
        cosine: with the vector that was asked for.
    """

    content: NDArray[np.int64]
    window: NDArray[np.int64]
    cosine: FloatArray


class Candidates:
    """All window vectors of one bundle.

    Args:
        width: D.
        reader: of the segments.
    """

    def __init__(self, width: int, reader: SegmentReader) -> None:
        import faiss  # takes a while, and the decoder's process must not pay for it

        self.contents: list[VectorRow] = []
        self._reader = reader
        self._faiss: Any = faiss
        self._index: Any = faiss.IndexFlatIP(width)
        self._vector_ids = np.empty(0, np.int64)
        self._content_of_row = np.empty(0, np.int64)
        self._window_of_row = np.empty(0, np.int64)

    @property
    def last_id(self) -> int:
        """Id of the newest vectors that are taken in."""
        return self.contents[-1].id if self.contents else 0

    def add(self, rows: list[VectorRow]) -> list[int]:
        """Take in vectors with ids above `last_id`, in order; returns ids of damaged ones."""
        damaged: list[int] = []
        vectors, contents, windows = [self._no_vectors()], [], []
        for row in rows:
            try:
                array = self._reader.windows(row.location)
            except DamagedVectorsError:
                damaged.append(row.id)
                continue
            vectors.append(array.astype(np.float32))
            contents.append(np.full(len(array), len(self.contents)))
            windows.append(np.arange(len(array)))
            self.contents.append(row)
        self._index.add(np.concatenate(vectors))
        self._vector_ids = np.array([row.id for row in self.contents], np.int64)
        self._content_of_row = np.concatenate([self._content_of_row, *contents])
        self._window_of_row = np.concatenate([self._window_of_row, *windows])
        return damaged

    def content_with(self, vector_id: int) -> int | None:
        """Place in `contents` of the vectors with this id, None if they were not taken in."""
        place = int(np.searchsorted(self._vector_ids, vector_id))
        known = place < len(self._vector_ids) and self._vector_ids[place] == vector_id
        return place if known else None

    def rows_of(self, vector_ids: list[int]) -> Mask:
        """Which of all windows belong to these vectors, [all windows]."""
        mask: Mask = np.isin(self._vector_ids, vector_ids)[self._content_of_row]
        return mask

    def nearest(self, vectors: FloatArray, count: int, mask: Mask) -> list[Rows]:
        """For each vector [P, D] its nearest windows among those of the mask, nearest first."""
        selector = self._faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        parameters = self._faiss.SearchParameters(sel=selector)
        count = min(count, int(mask.sum()))
        if not count:
            return [self._rows(np.empty(0, np.int64), np.empty(0, np.float32)) for _ in vectors]
        cosines, rows = self._index.search(vectors, count, params=parameters)
        return [self._rows(*pair) for pair in zip(rows, cosines, strict=True)]

    def some(self, count: int, mask: Mask) -> Rows:
        """Windows of the mask in order of entry, at most so many."""
        rows = np.flatnonzero(mask)[:count]
        return self._rows(rows, np.zeros(len(rows), np.float32))

    def _rows(self, rows: NDArray[np.int64], cosines: FloatArray) -> Rows:
        return Rows(self._content_of_row[rows], self._window_of_row[rows], cosines)

    def _no_vectors(self) -> FloatArray:
        return np.empty((0, self._index.d), np.float32)
