"""Files to samples: streamed in blocks, so that hours of audio take no more memory than minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tokenalign.audio.mono import is_finite, mixed_down, resampled
from tokenalign.audio.opening import Decoder, open_sound, raise_if_drive_failed
from tokenalign.audio.probing import no_audio
from tokenalign.errors import AudioFileError

FloatArray = NDArray[np.float32]

MOST_VALUES_PER_BLOCK = 1 << 22  # 16 MiB, however many channels there are
SMALLEST_BLOCK_SAMPLES = 64

LOSSY = ("MPEG", "VORBIS", "OPUS")
"""Subtypes, as libsndfile begins their names, whose decoders need a run-up after a seek."""

LOSSY_WARM_UP_S = 2.0
"""After a seek, libsndfile gives silence where MP3 frames borrow from frames before them, and
now and then Vorbis that is some samples off; what comes a second later is right."""


def stream_mono(path: Path, *, sample_rate: int, block_s: float = 10.0) -> Iterator[FloatArray]:
    """Decode a file, mix it down and resample it: blocks [S_i] of finite samples.

    A block lasts about `block_s`, less where there are many channels. What a damaged file holds
    up to its damage is yielded; `probe` says what is missing.

    Raises:
        AudioFileError: nothing can be decoded, or samples are not finite (at the first `next`,
            or further on for samples).
    """
    with open_sound(path) as sound:
        rate = sound.decoder.samplerate
        blocks = decoded_blocks(path, sound.decoder, most_samples=round(block_s * rate))
        mono = map(mixed_down, _at_least_one(path, blocks))
        yield from resampled(mono, rate, target_rate=sample_rate)


def read_mono(path: Path, *, sample_rate: int) -> FloatArray:
    """All of `stream_mono` in one array [S].

    Raises:
        AudioFileError: as `stream_mono`.
    """
    return np.concatenate(list(stream_mono(path, sample_rate=sample_rate)))


def read_region(path: Path, *, start_s: float, end_s: float) -> tuple[FloatArray, int]:
    """Samples [S, C] between two times, with all channels, and the file's own rate in Hz.

    A region is cut where the file ends, or where damage begins: it may be empty.

    Raises:
        AudioFileError: the file cannot be used, or samples are not finite.
    """
    with open_sound(path) as sound:
        rate = sound.decoder.samplerate
        start, end = (max(0, round(time_s * rate)) for time_s in (start_s, end_s))
        blocks = decoded_blocks(path, sound.decoder, most_samples=10 * rate, start=start, end=end)
        nothing = np.empty((0, sound.decoder.channels), dtype=np.float32)
        return np.concatenate([nothing, *blocks]), rate


def decoded_blocks(
    path: Path,
    decoder: Decoder,
    *,
    most_samples: int,
    start: int = 0,
    end: int = sys.maxsize,
) -> Iterator[FloatArray]:
    """Finite blocks [S_i, C] from sample `start` up to `end`, the end of the file, or damage.

    The decoder is that of an open sound; it may be used for one range after the other.

    Raises:
        AudioFileError: samples are not finite, or the drive failed.
    """
    most_samples = max(1, min(most_samples, MOST_VALUES_PER_BLOCK // decoder.channels))
    position = start
    try:
        for block in _read_on(decoder, start, end, most_samples):
            if not is_finite(block):
                raise AudioFileError(str(path), "non-finite samples", "Export it anew.")
            position += len(block)
            yield block
    except soundfile.LibsndfileError as error:
        raise_if_drive_failed(path, error)
        # One bad spot loses the whole block, and libsndfile its place in the file: smaller
        # blocks from a fresh start reach up to the spot.
        if most_samples >= SMALLEST_BLOCK_SAMPLES:
            with open_sound(path) as sound:
                yield from decoded_blocks(
                    path, sound.decoder, most_samples=most_samples // 4, start=position, end=end
                )


def _read_on(decoder: Decoder, start: int, end: int, most_samples: int) -> Iterator[FloatArray]:
    """Blocks of `most_samples` and what is left, until nothing comes."""
    _go_to(decoder, start)
    for position in range(start, end, most_samples):
        wanted = min(most_samples, end - position)
        block = decoder.read(wanted, dtype="float32", always_2d=True)
        if not len(block):
            return
        yield block


def _go_to(decoder: Decoder, start: int) -> None:
    """Let the next read begin at a sample, exactly, whatever the codec."""
    lossy = decoder.subtype.startswith(LOSSY)
    warm_up = min(start, round(LOSSY_WARM_UP_S * decoder.samplerate)) if lossy else 0
    decoder.seek(min(start - warm_up, decoder.frames))
    if warm_up:
        decoder.read(warm_up, dtype="float32", always_2d=True)


def _at_least_one(path: Path, blocks: Iterator[FloatArray]) -> Iterator[FloatArray]:
    first = next(blocks, None)
    if first is None:
        raise no_audio(path)
    yield first
    yield from blocks
