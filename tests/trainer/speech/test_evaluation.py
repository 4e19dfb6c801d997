"""How a split is cut up for measuring."""

from __future__ import annotations

from typing import Any, cast

import pytest

from trainer.speech.evaluation import BATCH, in_parts


@pytest.mark.parametrize(
    ("count", "sizes"), [(1, [1]), (BATCH, [BATCH]), (BATCH + 1, [8, 9]), (2 * BATCH + 1, [11] * 3)]
)
def test_no_utterance_is_left_alone_beside_full_parts(count: int, sizes: list[int]) -> None:
    parts: Any = in_parts(cast(Any, list(range(count))))

    assert [len(part) for part in parts] == sizes
    assert [one for part in parts for one in part] == list(range(count))
