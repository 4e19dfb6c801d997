from __future__ import annotations

import json

import numpy as np
import pytest

from tests.tokenalign.library.fakes import FakeBundle
from tests.tokenalign.shared.engines import coded_model
from tokenalign.frame_codec import SILENT
from tokenalign.library.catalogue.inventory import Sound, SoundFile
from tokenalign.library.segments.layout import Location
from tokenalign.shared.points import (
    Holder,
    distinct_sounds,
    payload,
    point_id,
    point_ids,
    read_point,
    whole_frames,
    window_frames,
)

CODED = coded_model().bundle


@pytest.mark.parametrize("count", [1, 63, 64, 65, 96, 97, 500])
def test_windows_put_together_are_the_file(count: int) -> None:
    frames = np.random.default_rng(1).integers(0, 256, (count, 4), np.uint8)
    parts = window_frames(frames, CODED)
    assert all(len(part) == 64 for part in parts[:-1])
    carried = [
        json.loads(json.dumps(payload("ab", window, len(parts), part, [], "r")))
        for window, part in enumerate(parts)
    ]
    points = [read_point(each, [0.0, 1.0]) for each in carried]
    assert [point.window for point in points] == list(range(len(parts)))
    np.testing.assert_array_equal(whole_frames(points, CODED), frames)


def test_a_point_is_called_by_what_it_holds_alone() -> None:
    assert point_id("ab", 1) == point_id("ab", 1)
    assert len({point_id("ab", 0), point_id("ab", 1), point_id("ac", 1)}) == 3
    assert point_ids("ab", 2) == [point_id("ab", 0), point_id("ab", 1)]


def test_distinct_sounds_are_the_centroids_of_the_frames() -> None:
    rows = np.zeros((5, CODED.frame_codec.row_bytes), np.uint8)
    rows[:, :2] = np.array([3, 1, 3, SILENT, 1], "<u2")[:, None].view(np.uint8)
    np.testing.assert_array_equal(distinct_sounds(rows, CODED), np.eye(8)[[1, 3]])
    np.testing.assert_array_equal(distinct_sounds(rows[3:4], CODED), np.zeros((1, 8)))


def test_without_centroids_they_are_the_frames() -> None:
    bundle = FakeBundle()
    frames = np.eye(8, dtype=np.float32)[:3]
    rows = bundle.frame_codec.encode(frames)
    np.testing.assert_array_equal(distinct_sounds(rows, bundle), frames)


def test_a_path_that_is_no_text_can_be_carried() -> None:
    file = SoundFile("/sounds/\udcff.wav", {"size": 3})
    (entry,) = Holder("7", "stage").entries(Sound(b"", Location(1, 0, 0, 0), (file,)))
    assert entry == {"holder": "7", "machine": "stage", "path": "/sounds/\ufffd.wav", "size": 3}
