"""Wide windows: whatever lies within a minute lies in one, and what chance is worth in them."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.bundle import Bundle
from tokenalign.clip import Clip, frame_edges
from tokenalign.query.types import NEGATED
from tokenalign.refinement import PhraseRows
from tokenalign.wide_windows import REACH_S, WideSize, joined, scenes_in_a_row, wide_windows
from tokenalign.window_batch import WindowBatch

SIZE = WideSize(length=6, hop=4)
ROWS = PhraseRows(np.eye(3, 3, dtype=np.float32), np.array([0, 1, NEGATED]))
"""Phrases along the first two axes, and one along the third that must not sound."""


def unit(*numbers: float) -> list[float]:
    return list(np.array(numbers) / np.linalg.norm(numbers))


def test_whatever_lies_within_reach_lies_in_one(tiny_bundle: Bundle) -> None:
    size = WideSize.of(tiny_bundle)
    reach = round(REACH_S / tiny_bundle.frame_hop_s) + tiny_bundle.window_frames

    assert size.hop % tiny_bundle.window_hop_frames == 0
    for first in range(2 * size.length):
        start = first // size.hop * size.hop
        assert first + reach <= start + size.length


def test_wide_windows_cover_a_clip_with_the_gists_nearest_to_wanted_phrases() -> None:
    frames = np.arange(30, dtype=np.float32).reshape(10, 3)
    windows = np.array([unit(1, 0, 0), unit(1, 1, 0), unit(0, 1, 9), unit(0, 0, 1)], np.float32)
    clip = Clip(
        frames=frames,
        mask=np.ones(10, bool),
        frame_edges_s=frame_edges(10, 1.0, 10.0),
        windows=windows,
        window_starts=np.array([0, 2, 4, 6]),
        duration_s=10.0,
    )

    starts, batch = wide_windows(ROWS, clip, SIZE)

    assert starts.tolist() == [0, 4]
    np.testing.assert_array_equal(batch.frames, [frames[:6], frames[4:]])
    assert batch.mask.all()
    # Of the first three windows, the first is nearest to the one phrase, the second to the other;
    # from frame 4 on, the third to the second phrase, and to the first no less than the fourth.
    np.testing.assert_allclose(batch.windows[0], unit(*(windows[0] + windows[1])), atol=1e-6)
    np.testing.assert_allclose(batch.windows[1], windows[2], atol=1e-6)


@pytest.mark.parametrize(
    ("scenes", "expected"),
    [(7, [[0, 1, 2], [3, 4, 5]]), (2, [[0, 1, 0]]), (3, [[0, 1, 2]])],
    ids=["each once", "again", "just enough"],
)
def test_scenes_fill_wide_windows(scenes: int, expected: list[list[int]]) -> None:
    background = _background(scenes)

    order = scenes_in_a_row(background, SIZE)

    assert order.tolist() == expected


def test_scenes_are_joined_one_behind_the_other() -> None:
    background = _background(6)

    batch = joined(ROWS, background, np.array([[0, 1, 2], [3, 4, 5]]))

    np.testing.assert_array_equal(batch.frames.reshape(6, 2, 3), background.frames)
    assert batch.mask.shape == (2, 6)
    np.testing.assert_allclose(np.linalg.norm(batch.windows, axis=1), 1.0, atol=1e-6)


def _background(scenes: int) -> WindowBatch:
    rng = np.random.default_rng(1)
    return WindowBatch(
        frames=rng.normal(size=(scenes, 2, 3)).astype(np.float32),
        mask=np.ones((scenes, 2), bool),
        windows=rng.normal(size=(scenes, 3)).astype(np.float32),
    )
