"""Frames come back from their bytes as near as the nearest codes are."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.frame_codec import CODES, SILENT, FloatArray, HalfFrames, ResidualCodes

RANDOM = np.random.default_rng(3)


def normal(*shape: int) -> FloatArray:
    return RANDOM.normal(size=shape).astype(np.float32)


@pytest.fixture
def codec() -> ResidualCodes:
    return ResidualCodes(centroids=normal(5, 6), residuals=0.3 * normal(3, CODES, 2))


def nearest(vector: FloatArray, among: FloatArray) -> int:
    return int(np.argmin([np.sum((vector - one) ** 2) for one in among]))


def test_a_row_is_the_nearest_centroid_and_the_nearest_code_of_each_part(
    codec: ResidualCodes,
) -> None:
    frames = normal(40, 6)

    rows = codec.encode(frames)

    assert rows.shape == (40, codec.row_bytes) == (40, 2 + 3)
    for row, number, frame in zip(rows, codec.numbers(rows), frames, strict=True):
        centroid = nearest(frame, codec.centroids)
        assert number == centroid
        left = frame - codec.centroids[centroid]
        parts = [nearest(left[2 * s : 2 * s + 2], codec.residuals[s]) for s in range(3)]
        assert row[2:].tolist() == parts


def test_decoding_adds_what_the_codes_stand_for(codec: ResidualCodes) -> None:
    row = np.array([[4, 0, 7, 0, 255]], np.uint8)

    (frame,) = codec.decode(row)

    residual = [codec.residuals[0, 7], codec.residuals[1, 0], codec.residuals[2, 255]]
    np.testing.assert_allclose(frame, codec.centroids[4] + np.concatenate(residual), rtol=1e-6)


def test_silence_stays_exactly_zero(codec: ResidualCodes) -> None:
    frames = np.concatenate([normal(2, 6), np.zeros((2, 6), np.float32)])

    rows = codec.encode(frames)

    assert codec.numbers(rows)[2:].tolist() == [SILENT, SILENT]
    assert not codec.decode(rows)[2:].any()
    assert codec.decode(rows)[:2].all()


def test_long_files_are_encoded_in_pieces(
    codec: ResidualCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = normal(10, 6)
    whole = codec.encode(frames)

    monkeypatch.setattr("tokenalign.frame_codec.CHUNK_FRAMES", 3)

    np.testing.assert_array_equal(codec.encode(frames), whole)


def test_no_frames_are_no_rows(codec: ResidualCodes) -> None:
    rows = codec.encode(normal(0, 6))

    assert rows.shape == (0, 5)
    assert codec.decode(rows).shape == (0, 6)


def test_without_centroids_frames_are_kept_in_half_precision() -> None:
    frames = normal(4, 6)
    codec = HalfFrames(6)

    rows = codec.encode(frames)

    assert rows.shape == (4, codec.row_bytes) == (4, 12)
    np.testing.assert_array_equal(codec.decode(rows), frames.astype(np.float16))


def test_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="fit together"):
        ResidualCodes(centroids=normal(5, 6), residuals=normal(4, CODES, 2))
