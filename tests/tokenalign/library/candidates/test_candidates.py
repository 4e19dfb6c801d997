"""The index of windows against plain matrix products."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tokenalign.library.fakes import FakeBundle
from tokenalign.first_stage import USUAL_FIRST_STAGE
from tokenalign.frame_codec import HalfFrames
from tokenalign.library.candidates.candidates import Candidates
from tokenalign.library.candidates.parts import survey
from tokenalign.library.catalogue.rows import VectorRow
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.library.segments.writer import SegmentWriter

WIDTH = 16
BUNDLE = FakeBundle(width=WIDTH, frame_codec=HalfFrames(WIDTH))

FloatArray = NDArray[np.float32]
Stored = list[tuple[VectorRow, FloatArray]]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Forty contents of one to four windows."""
    random = np.random.default_rng(3)
    writer = SegmentWriter(
        folder=tmp_path,
        identity="1" * 64,
        width=WIDTH,
        codec=HalfFrames(WIDTH),
        ends={},
        own=(),
    )
    rows = []
    for number in range(40):
        windows = random.standard_normal((random.integers(1, 5), WIDTH)).astype(np.float32)
        windows /= np.linalg.norm(windows, axis=1, keepdims=True)
        digest = bytes([number]) * 32
        location = writer.append(digest, np.zeros((3, WIDTH), np.float32), windows)
        row = VectorRow(10 + 3 * number, digest, "1" * 64, location, 1.0)
        rows.append((row, windows.astype(np.float16).astype(np.float32)))
    writer.close()
    return rows


def naive(
    stored: Stored, vector: FloatArray, count: int, allowed: list[int]
) -> list[tuple[float, int, int]]:
    """The same search, one window at a time."""
    everything = [
        (float(window @ vector), content, place)
        for content, (row, windows) in enumerate(stored)
        if row.id in allowed
        for place, window in enumerate(windows)
    ]
    return sorted(everything, reverse=True)[:count]


def candidates_of(folder: Path, *parts: Stored) -> Candidates:
    """The contents, taken in part by part."""
    candidates, reader = Candidates(BUNDLE), SegmentReader(folder)
    for part in parts:
        candidates.take([survey([row for row, _ in part], reader, BUNDLE)[0]])
    return candidates


@pytest.mark.parametrize("share", [1.0, 0.3, 0.05])
def test_nearest_is_the_exhaustive_answer_within_the_mask(
    tmp_path: Path, stored: Stored, share: float
) -> None:
    random = np.random.default_rng(4)
    candidates = candidates_of(tmp_path, stored[:30], stored[30:])  # as it grows
    assert len(candidates.parts) == 2
    assert candidates.last_id == stored[-1][0].id
    allowed = [row.id for row, _ in stored if random.random() < share] or [stored[7][0].id]
    mask = candidates.rows_of(allowed)
    vectors = random.standard_normal((3, WIDTH)).astype(np.float32)
    for vector, rows in zip(vectors, candidates.nearest(vectors, 12, mask), strict=True):
        expected = naive(stored, vector, 12, allowed)
        assert rows.content.tolist() == [content for _, content, _ in expected]
        assert rows.window.tolist() == [window for _, _, window in expected]
        np.testing.assert_allclose(rows.cosine, [cosine for cosine, _, _ in expected], atol=1e-5)


def test_an_empty_mask_finds_nothing(tmp_path: Path, stored: Stored) -> None:
    candidates = candidates_of(tmp_path, stored)
    mask = candidates.rows_of([])
    (rows,) = candidates.nearest(np.ones((1, WIDTH), np.float32), 5, mask)
    assert len(rows.content) == 0


def test_contents_are_found_by_the_id_of_their_vectors(tmp_path: Path, stored: Stored) -> None:
    assert Candidates(BUNDLE).content_with(10) is None
    candidates = candidates_of(tmp_path, stored)
    for place, (row, _) in enumerate(stored):
        assert candidates.content_with(row.id) == place
        assert candidates.content_with(row.id + 1) is None


def test_presence_goes_through_all_parts(tmp_path: Path, stored: Stored) -> None:
    candidates = candidates_of(tmp_path, stored[:30], stored[30:])
    phrases = np.eye(WIDTH, dtype=np.float32)[:2]

    presence = candidates.presence(phrases, USUAL_FIRST_STAGE)

    windows = np.concatenate([windows for _, windows in stored])
    np.testing.assert_allclose(presence, phrases @ windows.T, atol=1e-6)
