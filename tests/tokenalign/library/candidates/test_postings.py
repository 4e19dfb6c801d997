"""Smooth maxima by centroids, against the formula on single frames."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.frame_codec import SILENT
from tokenalign.library.candidates import postings
from tokenalign.library.candidates.postings import (
    NOTHING,
    Smoothing,
    build_postings,
    merged_postings,
)

CENTROIDS = 6
SMOOTHING = Smoothing(12.0, 64)
SHARPNESS, FULL_WINDOW = SMOOTHING


def numbers(windows: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Centroids of seven frames of each window, a third of them silent."""
    random = np.random.default_rng(seed)
    drawn = random.integers(0, CENTROIDS, (windows, 7))
    return np.where(random.random((windows, 7)) < 0.3, SILENT, drawn).astype(np.uint16)


def test_a_windows_smooth_maximum_is_the_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "REACH", 9.0)  # all centroids count
    stored = numbers(5, seed=1)
    stored[3] = SILENT
    similarity = np.random.default_rng(2).uniform(-0.2, 0.9, CENTROIDS).astype(np.float32)

    found = build_postings(stored, centroids=CENTROIDS).smooth_maxima(similarity, SMOOTHING)

    for window, maximum in zip(stored, found, strict=True):
        heard = [float(similarity[k]) for k in window if k != SILENT]
        total = sum(np.exp(SHARPNESS * s) for s in heard)
        exact = np.log(total / FULL_WINDOW) / SHARPNESS if heard else NOTHING
        assert maximum == pytest.approx(exact, abs=1e-5)


def test_only_centroids_near_the_phrase_are_looked_up() -> None:
    stored = np.array([[0, 0, SILENT], [1, 2, 2]], np.uint16)
    similarity = np.array([0.8, 0.3, 0.9], np.float32)  # the second lies 0.6 below the third

    found = build_postings(stored, centroids=3).smooth_maxima(similarity, SMOOTHING)

    two_of_a_window = np.log(2 / FULL_WINDOW) / SHARPNESS
    np.testing.assert_allclose(found, [0.8 + two_of_a_window, 0.9 + two_of_a_window], atol=1e-6)


def test_merged_postings_are_those_of_all_windows() -> None:
    stored = numbers(9, seed=3)
    one, other = (build_postings(part, centroids=CENTROIDS) for part in (stored[:4], stored[4:]))

    merged, whole = merged_postings(one, other), build_postings(stored, centroids=CENTROIDS)

    assert merged.windows == whole.windows == 9
    for name in ("starts", "window", "frames"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(whole, name))


def test_nothing_stored_is_nothing_found() -> None:
    empty = build_postings(numbers(0, seed=0), centroids=CENTROIDS)

    assert empty.smooth_maxima(np.zeros(CENTROIDS, np.float32), SMOOTHING).shape == (0,)
