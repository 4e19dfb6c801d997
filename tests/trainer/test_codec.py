"""A fitted codec gives frames like those it was fitted to back, better than centroids alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tokenalign import load_bundle
from tokenalign.bundle import Bundle
from tokenalign.clip import Clip, FloatArray, frame_edges, window_starts
from tokenalign.frame_codec import SILENT, HalfFrames, ResidualCodes
from trainer import codec
from trainer.codec import add_codec, fit_codec, how_stored

WIDTH = 16


def frames_around(centres: FloatArray, count: int, seed: int) -> FloatArray:
    random = np.random.default_rng(seed)
    noise = 0.1 * random.standard_normal((count, centres.shape[1]))
    return (centres[random.integers(0, len(centres), count)] + noise).astype(np.float32)


def clip(frames: FloatArray) -> Clip:
    starts = window_starts(len(frames), 64, 32)
    return Clip(
        frames=frames,
        mask=np.ones(len(frames), bool),
        frame_edges_s=frame_edges(len(frames), 0.16, 0.16 * len(frames)),
        windows=frames[: len(starts)],
        window_starts=starts,
        duration_s=0.16 * len(frames),
    )


def mean_error(fitted: ResidualCodes, frames: FloatArray) -> float:
    return float(np.linalg.norm(fitted.decode(fitted.encode(frames)) - frames, axis=1).mean())


@pytest.fixture(scope="module")
def centres() -> FloatArray:
    return np.eye(WIDTH, dtype=np.float32)[:8]


def test_unseen_frames_come_back_nearer_with_more_codes(centres: FloatArray) -> None:
    clips = [clip(frames_around(centres, 600, seed)) for seed in range(3)]
    unseen = frames_around(centres, 200, seed=9)

    coarse, fine = (fit_codec(clips, centroids=8, parts=parts) for parts in (2, 8))

    assert coarse.centroids.shape == (8, WIDTH)
    assert fine.residuals.shape == (8, 256, 2)
    alone = float(np.linalg.norm(unseen - centres[unseen.argmax(axis=1)], axis=1).mean())
    assert mean_error(fine, unseen) < 0.5 * mean_error(coarse, unseen) < 0.5 * alone


def test_silence_is_no_sound_to_fit_to(centres: FloatArray) -> None:
    silent = clip(np.zeros((500, WIDTH), np.float32))
    sounding = clip(frames_around(centres, 600, seed=1))

    fitted = fit_codec([silent, sounding], centroids=8, parts=2)

    assert np.linalg.norm(fitted.centroids, axis=1).min() > 0.5


@pytest.mark.parametrize(("width", "row_bytes"), [(512, 34), (200, 27), (16, 18)])
def test_a_frame_takes_about_34_bytes_whatever_its_width(width: int, row_bytes: int) -> None:
    random = np.random.default_rng(2)
    centres = random.standard_normal((20, width)).astype(np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    spread = 0.5 / np.sqrt(width)

    def frames(count: int) -> FloatArray:
        noise = spread * random.standard_normal((count, width))
        near = centres[random.integers(0, 20, count)] + noise
        unit: FloatArray = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
        return unit

    fitted = fit_codec([clip(frames(600))], centroids=20)

    assert fitted.row_bytes == row_bytes
    unseen = frames(200)
    rows = fitted.decode(fitted.encode(unseen))
    cosines = (rows * unseen).sum(axis=1) / np.linalg.norm(rows, axis=1)
    # Their centroid alone is 1 / sqrt(1 + 0.5 ** 2) = 0.894 from them.
    assert cosines.mean() > 0.9


@pytest.fixture
def copied(tiny_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A bundle that a codec is fitted to from 600 frames on."""
    monkeypatch.setattr(codec, "LEAST_FRAMES", 600)
    folder = tmp_path / "coded"
    shutil.copytree(tiny_bundle.path, folder)
    return load_bundle(folder).bundle


def test_a_bundle_with_a_codec_says_so(copied: Bundle) -> None:
    random = np.random.default_rng(4)
    frames = random.standard_normal((600, copied.width)).astype(np.float32)

    add_codec(copied, [clip(frames)])

    after = load_bundle(copied.path).bundle
    after.verify()
    assert after.identity != copied.identity
    assert isinstance(after.frame_codec, ResidualCodes)
    assert how_stored(after) == f"frames take {2 + len(after.frame_codec.residuals)} bytes each"
    rows = after.frame_codec.encode(np.concatenate([frames[:3], np.zeros_like(frames[:1])]))
    assert after.frame_codec.numbers(rows)[3] == SILENT


def test_too_few_frames_to_fit_to_are_stored_as_they_are(copied: Bundle) -> None:
    """Silence counts for nothing."""
    frames = np.random.default_rng(4).standard_normal((600, copied.width)).astype(np.float32)
    frames[-1] = 0

    after = add_codec(copied, [clip(frames)])

    after.verify()
    assert after.identity == load_bundle(after.path).bundle.identity
    assert isinstance(after.frame_codec, HalfFrames)
    assert "as float16: a codec is fitted to 600 sounding frames or more" in how_stored(after)
