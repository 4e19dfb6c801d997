"""Parts of a library: all that candidates are chosen by, for a run of contents.

Parts are made once, from the segments, and never change; small neighbours are merged, so that
there are few. `part_files` keeps them on disk.

Shapes: C contents, W windows, D width, K centroids, P phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import window_starts
from tokenalign.frame_codec import SILENT, FloatArray, ResidualCodes
from tokenalign.library.candidates.postings import (
    Postings,
    Smoothing,
    build_postings,
    merged_postings,
)
from tokenalign.library.catalogue.rows import VectorRow
from tokenalign.library.model import Bundle
from tokenalign.library.segments.layout import DamagedVectorsError
from tokenalign.library.segments.reader import SegmentReader

MOST_WINDOWS = 1 << 17
"""A part that has grown to this is left alone."""


@dataclass(frozen=True)
class Part:
    """What is known of a run of contents.

    Attributes:
        vector_ids: [C] ascending.
        window_counts: [C] windows of each content.
        gists: [W, D] float16 window vectors, content after content.
        postings: windows by the centroids of their frames; None if frames are stored without.
    """

    vector_ids: NDArray[np.int64]
    window_counts: NDArray[np.int64]
    gists: NDArray[np.float16]
    postings: Postings | None

    def presence(
        self, phrases: FloatArray, similarity: FloatArray, smoothing: Smoothing
    ) -> FloatArray:
        """How much each phrase sounds in the frames of each window, nearly: [P, W].

        By the postings, from the phrases' similarity with each centroid [P, K]; without postings,
        by `cosines`.
        """
        if self.postings is None:
            return self.cosines(phrases)
        maxima = [self.postings.smooth_maxima(row, smoothing) for row in similarity]
        return np.stack(maxima) if maxima else np.empty((0, len(self.gists)), np.float32)

    def cosines(self, phrases: FloatArray) -> FloatArray:
        """Of phrases [P, D] with the windows' vectors: [P, W]."""
        return phrases @ self.gists.T.astype(np.float32)


def survey(
    rows: Iterable[VectorRow], reader: SegmentReader, bundle: Bundle
) -> tuple[Part, list[int]]:
    """The part that vectors make, read from their segments, and ids of damaged ones left out.

    Args:
        rows: in order of id.
        reader: of the segments.
        bundle: whose vectors they are.
    """
    codec = bundle.frame_codec
    ids, counts, damaged = [], [], []
    gists = [np.empty((0, bundle.width), np.float16)]
    numbers = [np.empty((0, bundle.window_frames), np.uint16)]
    for row in rows:
        try:
            windows, frames = reader.windows(row.location), reader.frames(row.location)
        except DamagedVectorsError:
            damaged.append(row.id)
            continue
        ids.append(row.id)
        counts.append(len(windows))
        gists.append(windows)
        if isinstance(codec, ResidualCodes):
            numbers.append(_by_window(codec.numbers(frames), bundle))
    postings = None
    if isinstance(codec, ResidualCodes):
        postings = build_postings(np.concatenate(numbers), centroids=len(codec.centroids))
    vector_ids, window_counts = np.array(ids, np.int64), np.array(counts, np.int64)
    return Part(vector_ids, window_counts, np.concatenate(gists), postings), damaged


def merged(parts: Sequence[Part]) -> list[Part]:
    """The parts with small neighbours joined: each at most half the one before, or full."""
    kept: list[Part] = []
    for part in parts:
        kept.append(part)
        while len(kept) > 1 and _belong_together(*kept[-2:]):
            kept[-2:] = [_joined(*kept[-2:])]
    return kept


def _belong_together(one: Part, other: Part) -> bool:
    small = len(one.gists) + len(other.gists) <= MOST_WINDOWS
    return small and len(one.gists) < 2 * len(other.gists)


def _joined(one: Part, other: Part) -> Part:
    postings = None
    if one.postings is not None and other.postings is not None:
        postings = merged_postings(one.postings, other.postings)
    return Part(
        np.concatenate([one.vector_ids, other.vector_ids]),
        np.concatenate([one.window_counts, other.window_counts]),
        np.concatenate([one.gists, other.gists]),
        postings,
    )


def _by_window(numbers: NDArray[np.uint16], bundle: Bundle) -> NDArray[np.uint16]:
    """Centroids of a file's frames [M] as windows [W, window_frames], `SILENT` past its end."""
    starts = window_starts(len(numbers), bundle.window_frames, bundle.window_hop_frames)
    padded = np.full(int(starts[-1]) + bundle.window_frames, SILENT, np.uint16)
    padded[: len(numbers)] = numbers
    windows: NDArray[np.uint16] = padded[starts[:, np.newaxis] + np.arange(bundle.window_frames)]
    return windows
