"""How far words lie from where they are said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokenalign.metrics.bootstrap import Interval, interval

Spans = NDArray[np.float64]
"""[W, 2] start and end of each word, in seconds."""

Values = NDArray[np.float64]

NEAR_MS = (20, 50, 100, 200)


def boundary_errors(found: Spans, true: Spans) -> Values:
    """[W, 2] distances of onsets and offsets, in seconds; words are matched by their place."""
    return np.asarray(np.abs(found - true))


def overlaps(found: Spans, true: Spans) -> Values:
    """[W] intersection over union of each word."""
    shared = np.minimum(found[:, 1], true[:, 1]) - np.maximum(found[:, 0], true[:, 0])
    union = np.maximum(found[:, 1], true[:, 1]) - np.minimum(found[:, 0], true[:, 0])
    return np.asarray(np.maximum(shared, 0.0) / union)


def boundary_figures(found: Sequence[Spans], true: Sequence[Spans]) -> Mapping[str, Interval]:
    """Figures over all words of some utterances, by name.

    Times are in milliseconds, shares in percent; intervals are drawn over utterances.

    Args:
        found: [W, 2] of each utterance.
        true: likewise.
    """
    errors = [1000 * boundary_errors(f, t) for f, t in zip(found, true, strict=True)]
    onsets, offsets = [each[:, 0] for each in errors], [each[:, 1] for each in errors]
    both = [each.reshape(-1) for each in errors]
    shared = [100 * overlaps(f, t) for f, t in zip(found, true, strict=True)]
    return {
        "median ms": _over_words(both, np.median),
        "mean ms": _over_words(both, np.mean),
        "onset median ms": _over_words(onsets, np.median),
        "onset mean ms": _over_words(onsets, np.mean),
        "offset median ms": _over_words(offsets, np.median),
        "offset mean ms": _over_words(offsets, np.mean),
        **{
            f"within {near} ms": _over_words(
                [np.where(each <= near, 100.0, 0.0) for each in both], np.mean
            )
            for near in NEAR_MS
        },
        "word IoU": _over_words(shared, np.mean),
    }


def _over_words(values: Sequence[Values], statistic: Callable[[Values], np.floating]) -> Interval:
    """A statistic of all words' values, which come by utterance."""

    def of_utterances(indices: NDArray[np.int64]) -> float:
        return float(statistic(np.concatenate([values[index] for index in indices])))

    return interval(np.arange(len(values)), of_utterances)
