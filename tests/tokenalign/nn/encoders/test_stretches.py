"""Cutting and joining against a loop, at any length."""

from __future__ import annotations

import pytest
import torch

from tokenalign.nn.encoders.stretches import cross_faded, cut

COLUMN, COLUMNS, HOP = 2, 5, 3


@pytest.mark.parametrize("columns", [5, 6, 7, 8, 9, 11, 12])
def test_each_column_lies_in_a_stretch_and_none_has_nothing_to_add(columns: int) -> None:
    mel = torch.arange(1.0, columns * COLUMN + 1).reshape(1, -1, 1)
    stretches = cut(mel, length=COLUMNS * COLUMN, hop=HOP * COLUMN, quiet=-1.0, column=COLUMN)
    starts = [0]
    while starts[-1] + COLUMNS < columns:
        starts.append(starts[-1] + HOP)
    padded = [*mel.flatten().tolist(), *[-1.0] * 10]
    expected = [padded[COLUMN * first : COLUMN * (first + COLUMNS)] for first in starts]
    assert stretches.squeeze(3).tolist() == [expected]


@pytest.mark.parametrize("hop", [3, 4])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_where_two_stretches_overlap_the_later_one_rises(count: int, hop: int) -> None:
    columns, overlap = 6, 6 - hop
    stretches = torch.randn(2, count, columns, 3, generator=torch.Generator().manual_seed(1))
    expected = torch.zeros(2, hop * (count - 1) + columns, 3)
    for number in range(count):
        for place in range(columns):
            weight = 1.0
            if number > 0 and place < overlap:
                weight = (place + 0.5) / overlap
            if number + 1 < count and place >= hop:
                weight = 1 - (place - hop + 0.5) / overlap
            expected[:, number * hop + place] += weight * stretches[:, number, place]
    torch.testing.assert_close(cross_faded(stretches, hop=hop), expected)
