"""The outline of a sound, for drawing: lowest and highest sample of each stretch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio.decoding import decoded_blocks
from tokenalign.audio.opening import open_sound
from tokenalign.audio.probing import no_audio, probe

FloatArray = NDArray[np.float32]

BLOCK_SAMPLES = 1 << 18


@dataclass(frozen=True)
class Peaks:
    """A waveform's outline.

    Attributes:
        low: [B] lowest sample of each of B equal stretches, on [-1, 1].
        high: [B] highest sample.
        duration_s: length of the sound.
    """

    low: FloatArray
    high: FloatArray
    duration_s: float


def peaks(path: Path, *, bins: int = 2000) -> Peaks:
    """The outline of a whole file in `bins` stretches, or one a sample if that is fewer.

    Streamed at the file's own rate; a stretch spans all channels. Where a damaged file ends
    early, the outline does too.

    Raises:
        AudioFileError: nothing can be decoded, or samples are not finite.
    """
    info = probe(path)
    outline = _outline(path, 0, round(info.duration_s * info.sample_rate), info.sample_rate, bins)
    if not len(outline.low):
        raise no_audio(path)
    return outline


def peaks_of_region(path: Path, *, start_s: float, end_s: float, bins: int) -> Peaks:
    """The outline between two times, as `peaks`; no more of the file is read.

    The region is cut where the file begins and ends: it may be empty, and is `duration_s` long.

    Raises:
        AudioFileError: the file cannot be used, or samples are not finite.
    """
    info = probe(path)
    rate, last = info.sample_rate, round(info.duration_s * info.sample_rate)
    start, end = (min(max(0, round(time_s * rate)), last) for time_s in (start_s, end_s))
    return _outline(path, start, end, rate, bins)


def _outline(path: Path, start: int, end: int, rate: int, bins: int) -> Peaks:
    wanted = max(0, end - start)
    with open_sound(path) as sound:
        blocks = decoded_blocks(
            path, sound.decoder, most_samples=BLOCK_SAMPLES, start=start, end=end
        )
        low, high, samples = _extremes(blocks, wanted, min(bins, wanted))
    filled = -(-samples * len(low) // wanted) if wanted else 0
    return Peaks(low[:filled].clip(-1, 1), high[:filled].clip(-1, 1), samples / rate)


def _extremes(
    blocks: Iterable[FloatArray], wanted: int, bins: int
) -> tuple[FloatArray, FloatArray, int]:
    """Lowest and highest sample [B] of equal stretches of `wanted` samples, and how many came."""
    low, high = np.full(bins, np.inf, np.float32), np.full(bins, -np.inf, np.float32)
    starts = -(-np.arange(bins) * wanted // bins) if bins else np.empty(0, np.int64)
    position = 0
    for block in blocks:
        first = int(np.searchsorted(starts, position, side="right")) - 1
        last = int(np.searchsorted(starts, position + len(block) - 1, side="right"))
        cuts = np.maximum(starts[first:last] - position, 0)
        for extreme, kept in ((np.minimum, low), (np.maximum, high)):
            found = extreme.reduce(extreme.reduceat(block, cuts, axis=0), axis=1)
            kept[first:last] = extreme(kept[first:last], found)
        position += len(block)
    return low, high, position
