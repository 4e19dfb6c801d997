"""Ranks and what is made of them, by hand and against the definitions spelt out."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.metrics.retrieval import (
    average_precision_at,
    ranks,
    recall_at,
    recall_fraction_at,
    reciprocal_rank,
    report,
)


def naive_rank(scores: list[float], place: int) -> float:
    greater = sum(score > scores[place] for score in scores)
    equal_others = sum(score == scores[place] for score in scores) - 1
    return 1 + greater + equal_others / 2


def naive_average_precision(scores: list[float], relevant: list[bool], k: int) -> float:
    """For scores without ties: walk down the ranking."""
    best_first = sorted(range(len(scores)), key=lambda place: -scores[place])
    seen, total = 0, 0.0
    for rank, place in enumerate(best_first[:k], start=1):
        if relevant[place]:
            seen += 1
            total += seen / rank
    return total / sum(relevant)


def test_ranks_by_hand() -> None:
    scores = np.array([[0.1, 0.9, 0.5, 0.5], [2.0, 2.0, 2.0, 2.0]])
    relevant = np.array([[True, True, False, True], [False, False, True, False]])
    infinite = np.inf
    np.testing.assert_array_equal(
        ranks(scores, relevant),
        [[4.0, 1.0, infinite, 2.5], [infinite, infinite, 2.5, infinite]],
    )


def test_ranks_equal_the_naive_ones_with_many_ties() -> None:
    scores = np.random.default_rng(1).integers(5, size=(30, 12)).astype(np.float32)
    found = ranks(scores, np.ones(scores.shape, dtype=np.bool_))
    expected = [[naive_rank(row, place) for place in range(12)] for row in scores.tolist()]
    np.testing.assert_array_equal(found, expected)


def test_recall_by_hand() -> None:
    found = np.array([[1.0, np.inf], [np.inf, 2.0], [1.5, 1.5]])
    assert recall_at(found, 1).tolist() == [1.0, 0.0, 0.0]
    assert recall_at(found, 2).tolist() == [1.0, 1.0, 1.0]


def test_average_precision_by_hand() -> None:
    infinite = np.inf
    found = np.array(
        [
            [2.0, infinite, infinite],  # 1/2
            [1.0, 3.0, infinite],  # (1/1 + 2/3) / 2
            [1.0, 11.0, infinite],  # (1/1 + 0) / 2: the second is not among the first ten
            [2.0, 2.0, 2.0],  # all tied, all relevant: (1/2 + 2/2 + 3/2) / 3
        ]
    )
    np.testing.assert_allclose(average_precision_at(found, 10), [0.5, 5 / 6, 0.5, 1.0])


@pytest.mark.parametrize("k", [1, 3, 10, 40])
def test_average_precision_equals_the_walk_down_the_ranking(k: int) -> None:
    generator = np.random.default_rng(2)
    scores = generator.permuted(np.tile(np.arange(20.0), (25, 1)), axis=1)
    relevant = generator.random(scores.shape) < 0.2
    relevant[:, 0] = True
    expected = [
        naive_average_precision(row, marks, k)
        for row, marks in zip(scores.tolist(), relevant.tolist(), strict=True)
    ]
    np.testing.assert_allclose(average_precision_at(ranks(scores, relevant), k), expected)


def test_report_by_hand() -> None:
    scores = np.array([[float(-place) for place in range(12)]] * 4)
    relevant = np.zeros((4, 12), dtype=np.bool_)
    relevant[[0, 1, 2, 3], [0, 3, 7, 11]] = True  # ranks 1, 4, 8, 12
    found = report(scores, relevant)
    assert (found.queries, found.candidates) == (4, 12)
    assert (found.recall_at_1, found.recall_at_5, found.recall_at_10) == (0.25, 0.5, 0.75)
    assert found.mean_average_precision_at_10 == pytest.approx((1 + 1 / 4 + 1 / 8) / 4)


def test_a_constant_score_finds_nothing_among_many() -> None:
    found = report(np.zeros((100, 100)), np.eye(100, dtype=np.bool_))
    assert found.recall_at_10 == 0.0


@pytest.mark.parametrize(
    ("scores", "relevant", "message"),
    [
        (np.zeros((2, 3)), np.ones((3, 2), dtype=np.bool_), "both"),
        (np.zeros((0, 3)), np.ones((0, 3), dtype=np.bool_), "Q > 0"),
        (np.zeros((1, 2)), np.zeros((1, 2), dtype=np.bool_), "relevant candidate"),
        (np.array([[np.nan, 0.0]]), np.array([[True, False]]), "numbers"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    scores: np.ndarray, relevant: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ranks(scores, relevant)


def test_the_three_conventions_differ_on_the_same_ranks() -> None:
    infinite = np.inf
    found = np.array([[1.0, 2.0, 7.0, infinite, 20.0], [infinite, 4.0, infinite, 5.0, infinite]])

    assert recall_at(found, 2).tolist() == [1.0, 0.0]
    assert recall_fraction_at(found, 2).tolist() == [2 / 4, 0.0]
    assert recall_fraction_at(found, 1).tolist() == [1 / 4, 0.0]
    assert recall_fraction_at(found, 4).tolist() == [2 / 4, 1 / 2]
    assert reciprocal_rank(found).tolist() == [1.0, 1 / 4]
    np.testing.assert_allclose(
        average_precision_at(found, 16), [(1 + 1 + 3 / 7) / 4, (1 / 4 + 2 / 5) / 2]
    )


@pytest.mark.parametrize("k", [1, 5, 16])
def test_conventions_equal_the_naive_ones_with_many_ties(k: int) -> None:
    generator = np.random.default_rng(3)
    scores = generator.integers(6, size=(25, 20)).astype(np.float64)
    relevant = generator.random(scores.shape) < 0.2
    relevant[:, 3] = True
    found = ranks(scores, relevant)

    for row, (line, marks) in enumerate(zip(scores.tolist(), relevant.tolist(), strict=True)):
        own = sorted(naive_rank(line, place) for place in range(20) if marks[place])
        among = [rank for rank in own if rank <= k]
        precision = sum(seen / rank for seen, rank in enumerate(among, start=1))
        assert recall_fraction_at(found, k)[row] == pytest.approx(len(among) / len(own))
        assert reciprocal_rank(found)[row] == pytest.approx(1 / own[0])
        assert average_precision_at(found, k)[row] == pytest.approx(precision / len(own))


def test_a_constant_scorer_is_no_better_than_chance() -> None:
    relevant = np.zeros((3, 99), dtype=np.bool_)
    relevant[:, [0, 1, 2, 50, 98]] = True
    found = ranks(np.full(relevant.shape, 0.7), relevant)

    assert recall_at(found, 10).tolist() == [0.0] * 3
    assert recall_fraction_at(found, 49).tolist() == [0.0] * 3
    assert recall_fraction_at(found, 50).tolist() == [1.0] * 3  # all stand in the middle
    assert average_precision_at(found, 16).tolist() == [0.0] * 3
    assert reciprocal_rank(found).tolist() == [1 / 50] * 3
