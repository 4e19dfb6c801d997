"""Fit how a bundle's frames are stored: centroids, and codes for what is left of a frame.

k-means and the product quantiser's training are FAISS's. The parameters were chosen by what the
starter's search loses over float16 (trainer/README.md, "What storing costs").
"""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np

from tokenalign.bundle import CODEC, Bundle
from tokenalign.clip import Clip, FloatArray
from tokenalign.frame_codec import CODES, HalfFrames, ResidualCodes
from trainer.export import sealed

CENTROIDS = 4096
PARTS = 32
"""Bytes of a residual, whatever the width: with the centroid's number, a frame takes 34."""

LEAST_FRAMES = 39 * CODES
"""Sounding frames to fit a bundle's codec to: as many as FAISS wants for each code of a part. From
fewer it learns those frames by heart, and stores others badly.
"""

ROUNDS = 15
SEED = 1


def fit_codec(
    clips: Sequence[Clip], *, centroids: int = CENTROIDS, parts: int = PARTS
) -> ResidualCodes:
    """A codec for frames like those of the clips.

    Args:
        clips: with at least 256 sounding frames in all.
        centroids: K; a quarter of the frames where there are not four for each.
        parts: at most so many; S is the largest number of equal parts that the width has.
    """
    frames = _sounding(clips)
    width = frames.shape[1]
    parts = max(count for count in range(1, parts + 1) if width % count == 0)
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
    return ResidualCodes(centres, residuals.reshape(parts, CODES, width // parts))


def add_codec(bundle: Bundle, clips: Sequence[Clip]) -> Bundle:
    """Have a bundle store frames by a codec that is fitted to those of clips, and seal it.

    Where fewer than `LEAST_FRAMES` of them sound, it stores float16.
    """
    if len(_sounding(clips)) >= LEAST_FRAMES:
        codec = fit_codec(clips)
        for name, array in zip(CODEC, (codec.centroids, codec.residuals), strict=True):
            np.save(bundle.path / name, array.astype(np.float16), allow_pickle=False)
    return sealed(bundle)


def how_stored(bundle: Bundle) -> str:
    """How much a library keeps of a frame, in words."""
    codec = bundle.frame_codec
    if isinstance(codec, HalfFrames):
        return (
            f"frames take {codec.row_bytes:,} bytes each, as float16: a codec is fitted to "
            f"{LEAST_FRAMES:,} sounding frames or more, and there were fewer"
        )
    return f"frames take {codec.row_bytes} bytes each"


def _sounding(clips: Sequence[Clip]) -> FloatArray:
    """Frames [M, D] of the clips in which something sounds."""
    frames = np.concatenate([clip.frames for clip in clips])
    return np.ascontiguousarray(frames[frames.any(axis=1)])
