"""Rankings joined, by hand."""

from __future__ import annotations

from tokenalign.library.searching.fusion import fused


def test_what_stands_in_both_rankings_comes_first() -> None:
    # 3: 1/63 + 1/62 = 0.0320; 1: 1/61 = 0.01639; 4: 1/61 = 0.01639; 2: 1/62 = 0.01613
    assert fused([1, 2, 3], [4, 3]) == [3, 1, 4, 2]


def test_high_in_one_and_low_in_the_other_beats_the_middle_of_both() -> None:
    # 1: 1/61 + 1/65 = 0.03178; 3: 1/63 + 1/63 = 0.03175
    assert fused([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])[:2] == [1, 5]


def test_one_ranking_stays_as_it_is() -> None:
    assert fused([7, 3, 9], []) == [7, 3, 9]
    assert fused([], [7, 3, 9]) == [7, 3, 9]
    assert fused() == []
