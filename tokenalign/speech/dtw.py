"""The cheapest monotonic path through a matrix: dynamic time warping, in NumPy.

H. Sakoe and S. Chiba, "Dynamic programming algorithm optimization for spoken word recognition",
IEEE Trans. ASSP 26(1), 1978, with the steps (1, 1), (0, 1) and (1, 0), all at the same cost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = ((1, 1), (0, 1), (1, 0))
"""(rows, columns) forward. Of equally cheap ones the first is taken."""


def accumulated(cost: NDArray[np.floating]) -> NDArray[np.float64]:
    """What the cheapest path from the first cell to each cell costs, both cells included.

    Cells of one antidiagonal depend on the two antidiagonals before it alone, so that each is
    computed at once.

    Args:
        cost: [L, M], both at least 1.

    Returns:
        [L, M].
    """
    rows, columns = cost.shape
    # A frame of infinities, so that no cell needs to know whether it lies at an edge.
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for diagonal in range(rows + columns - 1):
        row = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        column = diagonal - row
        before = [total[row + 1 - down, column + 1 - right] for down, right in STEPS]
        total[row + 1, column + 1] = cost[row, column] + np.minimum.reduce(before)
    return total[1:, 1:]


def path_to(total: NDArray[np.float64], last_row: int) -> NDArray[np.int64]:
    """The cheapest path from the first cell to the last column of a row.

    Args:
        total: [L, M], from `accumulated`.
        last_row: where the path ends.

    Returns:
        [cells, 2]: row and column, in order of time.
    """
    row, column = last_row, total.shape[1] - 1
    cells = [(row, column)]
    while row or column:
        steps = [(row - down, column - right) for down, right in STEPS]
        row, column = min(
            (cell for cell in steps if min(cell) >= 0), key=lambda cell: float(total[cell])
        )
        cells.append((row, column))
    return np.array(cells[::-1], np.int64)


def columns_of_rows(path: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first and the last column of each row that a path crosses, [rows] each."""
    steps_down = np.flatnonzero(np.diff(path[:, 0]))
    first = path[np.concatenate([[0], steps_down + 1]), 1]
    last = path[np.concatenate([steps_down, [len(path) - 1]]), 1]
    return first, last
