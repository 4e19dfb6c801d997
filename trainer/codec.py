"""Fit how a bundle's frames are stored: centroids, and codes for what is left of a frame.

k-means and the product quantiser's training are FAISS's. The parameters that are shipped were
chosen by what search loses over float16 (trainer/README.md, "What storing costs").
"""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np

from tokenalign.bundle import CODEC, Bundle
from tokenalign.clip import Clip, FloatArray
from tokenalign.frame_codec import CODES, ResidualCodes
from trainer.export import sealed

CENTROIDS = 4096
PART_WIDTH = 4
"""Numbers of a residual that one byte stands for."""

ROUNDS = 15
SEED = 1


def fit_codec(
    clips: Sequence[Clip], *, centroids: int = CENTROIDS, part_width: int = PART_WIDTH
) -> ResidualCodes:
    """A codec for frames like those of the clips.

    Args:
        clips: with at least 256 sounding frames in all.
        centroids: K; a quarter of the frames where there are not four for each.
        part_width: D / S, a divisor of the width.
    """
    frames = np.concatenate([clip.frames for clip in clips])
    frames = np.ascontiguousarray(frames[frames.any(axis=1)])
    width = frames.shape[1]
    parts = width // part_width
    kmeans = faiss.Kmeans(
        width,
        min(centroids, len(frames) // 4),
        niter=ROUNDS,
        seed=SEED,
        min_points_per_centroid=1,
    )
    kmeans.train(frames)
    centres: FloatArray = np.asarray(kmeans.centroids, np.float32)
    _, nearest = kmeans.index.search(frames, 1)
    quantizer = faiss.ProductQuantizer(width, parts, CODES.bit_length() - 1)
    quantizer.train(frames - centres[nearest[:, 0]])
    residuals: FloatArray = faiss.vector_to_array(quantizer.centroids)
    return ResidualCodes(centres, residuals.reshape(parts, CODES, part_width))


def add_codec(bundle: Bundle, clips: Sequence[Clip]) -> Bundle:
    """Have a bundle store frames by a codec that is fitted to those of clips, and seal it."""
    codec = fit_codec(clips)
    for name, array in zip(CODEC, (codec.centroids, codec.residuals), strict=True):
        np.save(bundle.path / name, array.astype(np.float16), allow_pickle=False)
    return sealed(bundle)
