"""The frame grid: edges and windows."""

from __future__ import annotations

import pytest

from tokenalign.clip import frame_edges, window_starts


def test_edges_lie_a_hop_apart_and_end_with_the_audio() -> None:
    assert frame_edges(4, 0.16, 0.5).tolist() == pytest.approx([0.0, 0.16, 0.32, 0.48, 0.5])


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        (1, [0]),
        (64, [0]),
        (65, [0, 32]),
        (96, [0, 32]),
        (97, [0, 32, 64]),
        (192, [0, 32, 64, 96, 128]),
    ],
)
def test_windows_start_every_hop_until_the_last_frame_is_covered(
    frames: int, expected: list[int]
) -> None:
    assert window_starts(frames, 64, 32).tolist() == expected


@pytest.mark.parametrize("frames", range(1, 300, 7))
def test_windows_cover_every_frame_and_none_is_needless(frames: int) -> None:
    starts = window_starts(frames, 64, 32)

    covered = {frame for start in starts for frame in range(start, min(start + 64, frames))}
    assert covered == set(range(frames))
    assert len(starts) == 1 or starts[-2] + 64 < frames
