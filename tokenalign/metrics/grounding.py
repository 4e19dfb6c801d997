"""Whether a phrase is found where it sounds, and rejected where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
Span = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold, and what passes it (scores at or above it do)."""

    threshold: float
    recall: float
    false_alarm_rate: float


def auroc(positive: Scores, negative: Scores) -> float:
    """How often a positive scores above a negative; ties count half.

    Args:
        positive: [P] scores that should be high.
        negative: [N] scores that should be low.

    Raises:
        ValueError: one of them is empty.
    """
    if not len(positive) or not len(negative):
        raise ValueError("needs positive and negative scores")
    rising = np.sort(negative)
    below = np.searchsorted(rising, positive, side="left")
    up_to = np.searchsorted(rising, positive, side="right")
    return float((below + up_to).mean() / (2 * len(negative)))


def frame_auroc(frame_scores: Scores, truth: NDArray[np.bool_]) -> float:
    """How often a frame in which the phrase sounds scores above one in which it does not.

    Args:
        frame_scores: [M], of one clip or of several in a row.
        truth: [M].

    Raises:
        ValueError: the phrase sounds in all frames or in none.
    """
    return auroc(frame_scores[truth], frame_scores[~truth])


def pointing(frame_scores: Scores, truth: NDArray[np.bool_]) -> float:
    """1.0 if the phrase sounds in the highest frame, 0.0 if not.

    Several highest frames count by their share, so that a constant score is no better than chance.

    Args:
        frame_scores: [M], M > 0.
        truth: [M].
    """
    return float(truth[frame_scores == frame_scores.max()].mean())


def temporal_iou(predicted: Sequence[Span], true: Sequence[Span]) -> float:
    """Time that both cover over time that either covers.

    Args:
        predicted: spans in seconds, in any order, overlapping or not.
        true: likewise.

    Returns:
        [0, 1]; 1 where neither covers any time.
    """
    either = _covered_s([*predicted, *true])
    both = _covered_s(predicted) + _covered_s(true) - either
    return both / either if either > 0 else 1.0


def operating_point(
    positive: Scores, negative: Scores, *, most_false_alarms: float
) -> OperatingPoint:
    """The lowest threshold that lets through few enough negatives.

    It lies halfway between the highest negative that must not pass and the next score above.

    Args:
        positive: [P] scores that should pass.
        negative: [N] scores that should not.
        most_false_alarms: share of the negatives that may pass, [0, 1).

    Raises:
        ValueError: one of the scores is empty.
    """
    if not len(positive) or not len(negative):
        raise ValueError("needs positive and negative scores")
    may_pass = int(most_false_alarms * len(negative) + 1e-9)
    blocked = np.sort(negative)[len(negative) - 1 - may_pass]
    scores = np.concatenate([positive, negative])
    # In the scores' own precision, or rounding may let the blocked one through.
    beyond = min(scores[scores > blocked], default=np.nextafter(blocked, np.inf))
    halfway = blocked + (beyond - blocked) / 2
    return OperatingPoint(
        threshold=float(halfway if halfway > blocked else beyond),
        recall=float((positive > blocked).mean()),
        false_alarm_rate=float((negative > blocked).mean()),
    )


def _covered_s(spans: Sequence[Span]) -> float:
    """Seconds that lie in at least one of the spans."""
    covered_s = 0.0
    reached_s = -np.inf
    for start_s, end_s in sorted(spans):
        covered_s += max(0.0, end_s - max(start_s, reached_s))
        reached_s = max(reached_s, end_s)
    return covered_s
