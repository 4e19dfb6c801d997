from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from app.bench import mixing
from app.bench.mixing import Recordings, mixed_clips
from tokenalign.clip import Clip, frame_edges
from tokenalign.errors import TokenAlignError

WIDTH = 16


def recording(band: int, frame_count: int, norm: float) -> Clip:
    """A recording that sounds alike from end to end."""
    axis = np.eye(WIDTH, dtype=np.float32)[band]
    return Clip(
        frames=np.tile(norm * axis, (frame_count, 1)).astype(np.float32),
        mask=np.ones(frame_count, bool),
        frame_edges_s=frame_edges(frame_count, 0.16, frame_count * 0.16),
        windows=axis[None],
        window_starts=np.zeros(1, np.int64),
        duration_s=frame_count * 0.16,
    )


@pytest.fixture
def recordings() -> Recordings:
    """Eight bands; the higher the band, the stronger; all shorter than a mixed clip."""
    return Recordings([recording(band, 5 + band, 0.2 + 0.1 * band) for band in range(8)])


def test_frames_are_those_of_recordings_turned_a_little(recordings: Recordings) -> None:
    for clip in mixed_clips(recordings, 50, frame_count=62, seed=0):
        assert clip.frames.shape == (62, WIDTH)
        norms = np.linalg.norm(clip.frames, axis=1)
        bands = clip.frames.argmax(axis=1)
        np.testing.assert_allclose(norms, 0.2 + 0.1 * bands, rtol=1e-5)
        assert (clip.frames.max(axis=1) / norms).min() > 0.9  # cosine with the recording
        assert len(np.unique(clip.frames, axis=0)) == 62


def test_a_clip_is_of_one_to_three_recordings_in_turn_and_one_over_them(
    recordings: Recordings,
) -> None:
    bands = [
        clip.frames.argmax(axis=1) for clip in mixed_clips(recordings, 400, frame_count=62, seed=0)
    ]
    changes = np.array([np.count_nonzero(np.diff(band)) for band in bands])
    assert changes.max() == 4  # three in turn, and one that begins and ends within
    # One in eight of the neighbours is the same band; few clips of one recording have one over it.
    assert 0.2 < (changes == 0).mean() < 0.45
    assert (changes >= 2).mean() > 0.2


def test_the_stronger_frame_wins() -> None:
    rows = np.zeros((1000, 4, 8), np.int64)
    rows[:, 3] = 1  # what is laid over the others
    random = np.random.default_rng(0)
    weaker = mixing._places(rows, np.array([0.5, 0.4], np.float32), random)
    stronger = mixing._places(rows, np.array([0.5, 0.6], np.float32), random)
    assert not (weaker == 3).any()
    over = (stronger == 3).any(axis=1)
    assert 0.2 < over.mean() < mixing.OVERLAPPED + 0.05


def test_a_window_vector_is_the_recordings_by_their_shares(recordings: Recordings) -> None:
    for clip in mixed_clips(recordings, 50, frame_count=62, seed=0):
        shares = np.bincount(clip.frames.argmax(axis=1), minlength=WIDTH) / 62
        expected = shares / np.linalg.norm(shares)
        assert clip.windows.shape == (1, WIDTH)
        np.testing.assert_allclose(np.linalg.norm(clip.windows), 1.0, rtol=1e-5)
        assert float(clip.windows[0] @ expected) > 0.9


def test_silence_stays_silence() -> None:
    silent = recording(0, 10, 0.0)
    clips = mixed_clips(Recordings([silent]), 3, frame_count=20, seed=0)
    assert all(not clip.frames.any() for clip in clips)


def test_a_longer_run_begins_with_a_shorter_one(recordings: Recordings) -> None:
    count = mixing.BATCH + 3
    short = list(mixed_clips(recordings, count, frame_count=9, seed=5))
    long = list(islice(mixed_clips(recordings, 2 * count, frame_count=9, seed=5), count))
    other = next(mixed_clips(recordings, 1, frame_count=9, seed=6))
    assert len(short) == count
    for one, same in zip(short, long, strict=True):
        np.testing.assert_array_equal(one.frames, same.frames)
    assert not np.array_equal(other.frames, short[0].frames)
    assert len({clip.frames.tobytes() for clip in short}) == count


def test_nothing_to_mix_is_said() -> None:
    with pytest.raises(TokenAlignError, match="no recordings to mix"):
        Recordings([])
