"""Order groups, by hand and by chance."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.metrics.order import order_wins


def test_groups_by_hand() -> None:
    scores = np.array(
        [
            [[0.9, 0.1], [0.2, 0.8]],  # all right
            [[0.5, 0.6], [0.4, 0.7]],  # clips find their captions; caption 0 prefers clip 1
            [[0.5, 0.4], [0.6, 0.7]],  # captions find their clips; clip 0 prefers caption 1
            [[0.5, 0.5], [0.5, 0.5]],  # ties lose
            [[0.1, 0.9], [0.8, 0.2]],  # all wrong
        ]
    )
    wins = order_wins(scores)
    assert wins.text.tolist() == [True, True, False, False, False]
    assert wins.audio.tolist() == [True, False, True, False, False]
    assert wins.group.tolist() == [True, False, False, False, False]


def test_random_scores_win_as_often_as_stated() -> None:
    wins = order_wins(np.random.default_rng(3).random((60_000, 2, 2)))
    assert wins.text.mean() == pytest.approx(1 / 4, abs=0.01)
    assert wins.audio.mean() == pytest.approx(1 / 4, abs=0.01)
    assert wins.group.mean() == pytest.approx(1 / 6, abs=0.01)


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[G, 2, 2\]"):
        order_wins(np.zeros((5, 2, 3)))
