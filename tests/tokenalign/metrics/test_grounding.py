"""Grounding figures, by hand and against the definitions spelt out."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.metrics.grounding import (
    auroc,
    frame_auroc,
    operating_point,
    pointing,
    temporal_iou,
)


def naive_auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    above = (positive[:, None] > negative[None, :]).mean()
    equal = (positive[:, None] == negative[None, :]).mean()
    return float(above + equal / 2)


def test_auroc_by_hand() -> None:
    # Of six pairs: 3 above 1, 3 above 2, 2 above 1, 2 equals 2; 0 is above neither.
    assert auroc(np.array([3.0, 2.0, 0.0]), np.array([1.0, 2.0])) == pytest.approx(3.5 / 6)
    assert auroc(np.zeros(4), np.zeros(9)) == 0.5


def test_auroc_equals_all_pairs_with_many_ties() -> None:
    generator = np.random.default_rng(4)
    positive = generator.integers(2, 9, size=70).astype(np.float32)
    negative = generator.integers(0, 7, size=50).astype(np.float32)
    assert auroc(positive, negative) == pytest.approx(naive_auroc(positive, negative))


def test_auroc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="positive and negative"):
        auroc(np.zeros(0), np.zeros(3))
    with pytest.raises(ValueError, match="positive and negative"):
        frame_auroc(np.zeros(3), np.ones(3, dtype=np.bool_))


def test_frame_auroc_by_hand() -> None:
    truth = np.array([False, True, True, False])
    assert frame_auroc(np.array([0.1, 0.9, 0.2, 0.3]), truth) == pytest.approx(3 / 4)


def test_pointing_by_hand() -> None:
    truth = np.array([False, True, False, False])
    assert pointing(np.array([0.1, 0.9, 0.2, 0.3]), truth) == 1.0
    assert pointing(np.array([0.9, 0.1, 0.2, 0.3]), truth) == 0.0
    assert pointing(np.array([0.9, 0.9, 0.2, 0.3]), truth) == 0.5
    assert pointing(np.zeros(4), truth) == 0.25


@pytest.mark.parametrize(
    ("predicted", "true", "expected"),
    [
        ([(1.0, 3.0)], [(2.0, 4.0)], 1 / 3),
        ([(0.0, 1.0)], [(1.0, 2.0)], 0.0),
        ([(0.0, 4.0)], [(1.0, 2.0), (3.0, 4.0)], 0.5),
        ([(2.0, 4.0), (0.0, 3.0)], [(0.0, 4.0)], 1.0),
        ([(0.0, 4.0), (1.0, 2.0)], [(0.0, 2.0)], 0.5),
        ([], [(0.0, 2.0)], 0.0),
        ([], [], 1.0),
        ([(1.0, 1.0)], [], 1.0),
    ],
)
def test_iou_by_hand(
    predicted: list[tuple[float, float]], true: list[tuple[float, float]], expected: float
) -> None:
    assert temporal_iou(predicted, true) == pytest.approx(expected)
    assert temporal_iou(true, predicted) == pytest.approx(expected)


def test_iou_equals_counting_on_a_fine_grid() -> None:
    generator = np.random.default_rng(5)
    for _ in range(50):
        spans = np.sort(generator.integers(0, 100, size=(2, 4, 2)), axis=2)
        covered = np.zeros((2, 100), dtype=np.bool_)
        for side in range(2):
            for start, end in spans[side]:
                covered[side, start:end] = True
        either = covered.any(axis=0).sum()
        expected = covered.all(axis=0).sum() / either if either else 1.0
        predicted, true = (
            [(start / 10, end / 10) for start, end in side] for side in spans.tolist()
        )
        assert temporal_iou(predicted, true) == pytest.approx(expected)


def test_operating_point_by_hand() -> None:
    negative = np.array([0.1, 0.2, 0.3, 0.4])
    positive = np.array([0.25, 0.32, 0.35, 0.9])
    # One of four may pass, so 0.3 must not: halfway to 0.32, the next score.
    point = operating_point(positive, negative, most_false_alarms=0.25)
    assert point.threshold == pytest.approx(0.31)
    assert point.recall == 0.75
    assert point.false_alarm_rate == 0.25


def test_tied_negatives_pass_together_or_not_at_all() -> None:
    point = operating_point(np.array([0.4, 0.6]), np.array([0.5] * 10), most_false_alarms=0.3)
    assert (point.recall, point.false_alarm_rate) == (0.5, 0.0)


def test_no_positive_may_pass() -> None:
    point = operating_point(np.array([0.1]), np.array([0.5]), most_false_alarms=0.0)
    assert point.threshold > 0.5
    assert (point.recall, point.false_alarm_rate) == (0.0, 0.0)


def test_scores_next_to_each_other_are_kept_apart() -> None:
    negative = np.array([0.5], dtype=np.float32)
    positive = np.nextafter(negative, np.float32(1.0))
    point = operating_point(positive, negative, most_false_alarms=0.0)
    assert (positive >= point.threshold).tolist() == [True]
    assert (negative >= point.threshold).tolist() == [False]


def test_the_threshold_does_what_the_point_says() -> None:
    generator = np.random.default_rng(6)
    for most in (0.0, 0.05, 0.29, 0.5):
        positive = generator.normal(1.0, size=80).astype(np.float32)
        negative = generator.normal(0.0, size=100).astype(np.float32)
        point = operating_point(positive, negative, most_false_alarms=most)
        assert (positive >= point.threshold).mean() == point.recall
        assert (negative >= point.threshold).mean() == point.false_alarm_rate == most
