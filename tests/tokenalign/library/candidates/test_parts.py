"""Parts say of contents what their segments do, however they were put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.fakes import HOP, WIDTH, WINDOW, FakeBundle
from tokenalign.frame_codec import CODES, FloatArray, ResidualCodes
from tokenalign.library.candidates import parts
from tokenalign.library.candidates.parts import merged, survey
from tokenalign.library.candidates.postings import Smoothing
from tokenalign.library.catalogue.rows import VectorRow
from tokenalign.library.segments.layout import segment_path
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.library.segments.writer import SegmentWriter

IN_HALF = FakeBundle()
SHARPNESS = 12.0
SMOOTHING = Smoothing(SHARPNESS, WINDOW)
CENTROIDS = np.eye(WIDTH, dtype=np.float32)
CODED = replace(
    IN_HALF, frame_codec=ResidualCodes(CENTROIDS, np.zeros((2, CODES, WIDTH // 2), np.float32))
)


def stored(folder: Path, bundle: FakeBundle, *frames: FloatArray) -> list[VectorRow]:
    """Contents of these frames [M, D]; their window vectors are the windows' first frames."""
    writer = SegmentWriter(
        folder=folder,
        identity=bundle.identity,
        width=WIDTH,
        codec=bundle.frame_codec,
        ends={},
        own=(),
    )
    rows = []
    for number, each in enumerate(frames):
        digest = bytes([number]) * 32
        windows = each[: max(1, len(each) - WINDOW + HOP) : HOP]
        rows.append(
            VectorRow(
                5 * number + 5, digest, bundle.identity, writer.append(digest, each, windows), 1.0
            )
        )
    writer.close()
    return rows


def bands(*runs: tuple[int, int]) -> FloatArray:
    """Frames that lie at centroids: (centroid, how many) runs."""
    return np.concatenate([np.tile(CENTROIDS[k], (count, 1)) for k, count in runs])


def test_presence_counts_the_frames_of_each_window(tmp_path: Path) -> None:
    rows = stored(tmp_path, CODED, bands((1, 3), (2, 5)), bands((1, 40), (2, 40), (3, 16)))

    part, damaged = survey(rows, SegmentReader(tmp_path), CODED)

    assert damaged == []
    assert part.vector_ids.tolist() == [5, 10]
    assert part.window_counts.tolist() == [1, 2]  # 96 frames: from 0 and from 32 on
    phrases = CENTROIDS[[1, 3]]
    presence = part.presence(phrases, phrases @ CENTROIDS.T, SMOOTHING)
    first = 1 + np.log(np.array([3, 40, 8]) / WINDOW) / SHARPNESS  # frames of centroid 1
    np.testing.assert_allclose(presence[0], first, atol=1e-5)
    assert presence[1, 2] == pytest.approx(1 + np.log(16 / WINDOW) / SHARPNESS, abs=1e-5)
    assert presence[1, :2].max() < 0


def test_without_centroids_window_vectors_tell(tmp_path: Path) -> None:
    rows = stored(tmp_path, IN_HALF, bands((1, 3)), bands((2, 3)))

    part, _ = survey(rows, SegmentReader(tmp_path), IN_HALF)

    presence = part.presence(CENTROIDS[[2]], np.empty((1, 0), np.float32), SMOOTHING)
    np.testing.assert_array_equal(presence, [[0.0, 1.0]])


def test_damaged_vectors_are_named_and_left_out(tmp_path: Path) -> None:
    rows = stored(tmp_path, CODED, bands((1, 3)), bands((2, 3)))
    with segment_path(tmp_path, 1).open("r+b") as file:
        file.seek(rows[0].location.offset + 64)
        file.write(b"\xee")

    part, damaged = survey(rows, SegmentReader(tmp_path), CODED)

    assert (part.vector_ids.tolist(), damaged) == ([10], [5])


@pytest.mark.parametrize("bundle", [IN_HALF, CODED], ids=["in half", "coded"])
def test_small_parts_become_what_one_survey_gives(tmp_path: Path, bundle: FakeBundle) -> None:
    rows = stored(tmp_path, bundle, *(bands((k % WIDTH, 3 + k)) for k in range(9)))
    reader = SegmentReader(tmp_path)
    small = [survey([row], reader, bundle)[0] for row in rows]
    phrases = CENTROIDS[[0, 4]]

    (one,) = merged(small[:8])
    whole, _ = survey(rows[:8], reader, bundle)

    np.testing.assert_array_equal(one.vector_ids, whole.vector_ids)
    np.testing.assert_array_equal(one.gists, whole.gists)
    similarity = phrases @ CENTROIDS.T
    np.testing.assert_array_equal(
        one.presence(phrases, similarity, SMOOTHING), whole.presence(phrases, similarity, SMOOTHING)
    )
    assert len(merged(small)) == 2  # eight in one, and one


def test_full_parts_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_WINDOWS", 4)
    rows = stored(tmp_path, IN_HALF, *(bands((k, 3)) for k in range(8)))

    found = merged([survey([row], SegmentReader(tmp_path), IN_HALF)[0] for row in rows])

    assert [len(part.gists) for part in found] == [4, 4]
