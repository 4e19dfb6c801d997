"""A fitted codec gives frames like those it was fitted to back, better than centroids alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tokenalign import load_bundle
from tokenalign.bundle import Bundle
from tokenalign.clip import Clip, FloatArray, frame_edges, window_starts
from tokenalign.frame_codec import SILENT, ResidualCodes
from trainer.codec import add_codec, fit_codec

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


def mean_error(codec: ResidualCodes, frames: FloatArray) -> float:
    return float(np.linalg.norm(codec.decode(codec.encode(frames)) - frames, axis=1).mean())


@pytest.fixture(scope="module")
def centres() -> FloatArray:
    return np.eye(WIDTH, dtype=np.float32)[:8]


def test_unseen_frames_come_back_nearer_with_more_codes(centres: FloatArray) -> None:
    clips = [clip(frames_around(centres, 600, seed)) for seed in range(3)]
    unseen = frames_around(centres, 200, seed=9)

    coarse, fine = (fit_codec(clips, centroids=8, part_width=width) for width in (8, 2))

    assert coarse.centroids.shape == (8, WIDTH)
    assert fine.residuals.shape == (8, 256, 2)
    alone = float(np.linalg.norm(unseen - centres[unseen.argmax(axis=1)], axis=1).mean())
    assert mean_error(fine, unseen) < 0.5 * mean_error(coarse, unseen) < 0.5 * alone


def test_silence_is_no_sound_to_fit_to(centres: FloatArray) -> None:
    silent = clip(np.zeros((500, WIDTH), np.float32))
    sounding = clip(frames_around(centres, 600, seed=1))

    codec = fit_codec([silent, sounding], centroids=8, part_width=8)

    assert np.linalg.norm(codec.centroids, axis=1).min() > 0.5


def test_a_bundle_with_a_codec_says_so(tiny_bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(tiny_bundle.path, folder)
    before = load_bundle(folder).bundle
    random = np.random.default_rng(4)
    frames = random.standard_normal((600, before.width)).astype(np.float32)

    add_codec(before, [clip(frames)])

    after = load_bundle(folder).bundle
    after.verify()
    assert after.identity != before.identity
    assert isinstance(after.frame_codec, ResidualCodes)
    rows = after.frame_codec.encode(np.concatenate([frames[:3], np.zeros_like(frames[:1])]))
    assert after.frame_codec.numbers(rows)[3] == SILENT
