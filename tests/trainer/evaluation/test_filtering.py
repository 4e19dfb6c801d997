"""Filters of scores against what they stand for, threshold by threshold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer.evaluation.filtering import UNFILTERED, Filtering, gaps_joined, median_of


def column(*scores: float) -> NDArray[np.float64]:
    return np.array(scores)[:, None]


def joined_by_hand(found: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Fill what lies between two found frames that are at most so many frames apart."""
    places, filled = np.flatnonzero(found), found.copy()
    for before, after in pairwise(places):
        if after - before - 1 <= longest:
            filled[before:after] = True
    return filled


def test_a_median_takes_off_what_lasts_one_frame_and_keeps_edges() -> None:
    scores = [5.0, 0.0, 0.0, 9.0, 0.0, 0.0, 4.0, 4.0, 4.0, 7.0]

    assert median_of(column(*scores), 1)[:, 0].tolist() == scores
    assert median_of(column(*scores), 3)[:, 0].tolist() == [
        5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 7.0,
    ]  # fmt: skip


def test_a_gap_is_as_high_as_the_lower_of_its_sides_and_ends_are_no_gaps() -> None:
    scores = column(0.0, 5.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 4.0, 0.0)

    assert gaps_joined(scores, 2)[:, 0].tolist() == [0, 5, 3, 3, 3, 0, 0, 0, 4, 0]
    assert gaps_joined(scores, 3)[:, 0].tolist() == [0, 5, 3, 3, 3, 3, 3, 3, 4, 0]
    assert gaps_joined(scores, 0).tolist() == scores.tolist()


@pytest.mark.parametrize("longest", [1, 2, 5])
def test_at_every_threshold_gaps_are_joined_as_by_hand(longest: int) -> None:
    scores = np.random.default_rng(longest).normal(size=(40, 2))
    joined = gaps_joined(scores, longest)

    for threshold in np.unique(scores):
        for k in range(2):
            np.testing.assert_array_equal(
                joined[:, k] >= threshold, joined_by_hand(scores[:, k] >= threshold, longest)
            )


def test_the_median_comes_first_and_a_gap_may_last_its_seconds() -> None:
    scores = column(1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0)
    both = Filtering(median_frames=3, longest_gap_s=0.48)

    assert both(scores, 0.16)[:, 0].tolist() == [1] * 9 + [0] * 5
    assert both(scores, 0.161)[:, 0].tolist() == [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0]
    assert UNFILTERED(scores, 0.16).tolist() == scores.tolist()
