"""Rankings joined, by hand."""

from __future__ import annotations

from tokenalign.library.searching.fusion import fused


def test_what_sounds_so_and_bears_the_words_comes_first() -> None:
    # 3: 1/63 + 1/61.5 = 0.0321; 1: 1/61 = 0.01639; 4: 1/61.5 = 0.01626; 2: 1/62 = 0.01613
    assert fused([1, 2, 3], [4, 3]) == [3, 1, 4, 2]


def test_among_those_that_bear_the_words_sound_decides() -> None:
    assert fused([5, 1, 3, 2], [1, 2, 3]) == [1, 3, 2, 5]
    assert fused([5, 1, 3, 2], [3, 2, 1]) == [1, 3, 2, 5]


def test_words_that_very_many_bear_say_little() -> None:
    # 1: 1/61 = 0.0164; 30: 1/90 + 1/160.5 = 0.0173; 40: 1/100 + 1/160.5 = 0.0162
    order = fused(range(1, 301), range(30, 230))
    assert order.index(30) < order.index(1) < order.index(40)


def test_one_of_both_alone_stays_as_it_is() -> None:
    assert fused([7, 3, 9], []) == [7, 3, 9]
    assert fused([], [7, 3, 9]) == [7, 3, 9]
    assert fused([], []) == []
