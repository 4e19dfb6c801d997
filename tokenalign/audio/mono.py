"""From decoded blocks to one channel at the model's rate: mixing down, checking, resampling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from tokenalign.audio.opening import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, MOST_CHANNELS
from tokenalign.errors import TokenAlignError

FloatArray = NDArray[np.float32]

QUALITY = "HQ"  # soxr's: 100 dB of rejection
LARGEST_SAMPLE = 1e12  # full scale is 1, 32-bit integers taken for floats reach 2e9


def to_mono(samples: NDArray[np.floating], sample_rate: int, *, target_rate: int) -> FloatArray:
    """Mix samples [S] or [S, C] down to one channel and resample them, [S'].

    Raises:
        TokenAlignError: the array is not such samples, or they are not finite.
    """
    _check_samples(samples, sample_rate)
    mono = mixed_down(samples.astype(np.float32, copy=False))
    if sample_rate == target_rate:
        return mono
    return np.asarray(soxr.resample(mono, sample_rate, target_rate, QUALITY), dtype=np.float32)


def mixed_down(block: FloatArray) -> FloatArray:
    """The mean of the channels: [S] of [S] or [S, C]."""
    if block.ndim == 1:
        return block
    weights = np.full(block.shape[1], 1 / block.shape[1], dtype=np.float32)
    return block[:, 0] if weights.size == 1 else block @ weights


def is_finite(block: NDArray[np.floating]) -> bool:
    """Whether no sample is NaN, infinite, or so large that its power would be."""
    highest, lowest = block.max(initial=0.0), block.min(initial=0.0)
    return bool(highest <= LARGEST_SAMPLE and lowest >= -LARGEST_SAMPLE)  # NaN compares false


def resampled(
    blocks: Iterable[FloatArray], sample_rate: int, *, target_rate: int
) -> Iterator[FloatArray]:
    """The blocks [S_i] at another rate, with no seam between them; none of them is empty."""
    if sample_rate == target_rate:
        yield from blocks
        return
    stream = soxr.ResampleStream(sample_rate, target_rate, 1, dtype="float32", quality=QUALITY)
    for block in blocks:
        if len(ready := stream.resample_chunk(block)):
            yield ready
    if len(rest := stream.resample_chunk(np.empty(0, dtype=np.float32), last=True)):
        yield rest


def _check_samples(samples: NDArray[np.floating], sample_rate: int) -> None:
    channels = samples.shape[1] if samples.ndim == 2 else 1
    if samples.ndim not in (1, 2) or not 1 <= channels <= MOST_CHANNELS:
        raise TokenAlignError(
            f"samples of shape {samples.shape}",
            f"Give [samples] or [samples, channels] with up to {MOST_CHANNELS} channels.",
        )
    if not np.issubdtype(samples.dtype, np.floating):
        raise TokenAlignError(
            f"samples of type {samples.dtype}", "Give floats between -1 and 1 (int16: x / 32768)."
        )
    if not LOWEST_RATE_HZ <= sample_rate <= HIGHEST_RATE_HZ:
        raise TokenAlignError(
            f"a sample rate of {sample_rate} Hz",
            f"Give samples at {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz.",
        )
    if not is_finite(samples):
        raise TokenAlignError("non-finite samples", "Leave out NaN and infinite values.")
