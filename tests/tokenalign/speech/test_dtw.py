from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tokenalign.speech.dtw import accumulated, columns_of_rows, path_to

Cell = tuple[int, int]


def every_path(last: Cell, at: Cell = (0, 0)) -> Iterator[tuple[Cell, ...]]:
    """All monotonic paths, one by one."""
    if at == last:
        yield (at,)
        return
    for down, right in ((1, 1), (0, 1), (1, 0)):
        step = (at[0] + down, at[1] + right)
        if step[0] <= last[0] and step[1] <= last[1]:
            for rest in every_path(last, step):
                yield (at, *rest)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 5), (4, 1), (3, 5), (5, 3), (4, 4)])
def test_no_path_is_cheaper_than_the_one_found(rows: int, columns: int) -> None:
    cost = np.random.default_rng(rows * 10 + columns).normal(size=(rows, columns))

    total = accumulated(cost)

    for row in range(rows):
        cheapest = min(
            sum(float(cost[cell]) for cell in path) for path in every_path((row, columns - 1))
        )
        assert total[row, -1] == pytest.approx(cheapest)
        found = path_to(total, row)
        assert sum(float(cost[tuple(cell)]) for cell in found) == pytest.approx(cheapest)


def test_each_step_of_the_path_goes_on_by_one() -> None:
    cost = np.random.default_rng(3).normal(size=(40, 90))

    path = path_to(accumulated(cost), 39)

    assert path[0].tolist() == [0, 0]
    assert path[-1].tolist() == [39, 89]
    assert {tuple(step) for step in np.diff(path, axis=0)} <= {(1, 1), (0, 1), (1, 0)}


def test_a_hand_computed_path() -> None:
    cost = np.array([[0, 0, 9, 9], [9, 9, 0, 9], [9, 9, 9, 0]])

    path = path_to(accumulated(cost), 2)

    assert path.tolist() == [[0, 0], [0, 1], [1, 2], [2, 3]]
    first, last = columns_of_rows(path)
    assert first.tolist() == [0, 2, 3]
    assert last.tolist() == [1, 2, 3]


def test_rows_that_share_a_column_begin_in_it() -> None:
    path = np.array([[0, 0], [1, 0], [2, 0], [2, 1]])

    first, last = columns_of_rows(path)
    assert first.tolist() == [0, 0, 0]
    assert last.tolist() == [0, 0, 1]
