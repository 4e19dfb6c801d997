"""Reading M4A files (AAC and ALAC in an MP4 container) as soundfile reads others."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from tokenalign.audio.mp4_track import MOST_SAMPLES_PER_PACKET, Mp4Track

FloatArray = NDArray[np.float32]

PLANES = {"fltp": (np.float32, 1.0), "s16p": (np.int16, 2.0**15), "s32p": (np.int32, 2.0**31)}
"""How FFmpeg calls what it gives, a plane for each channel: the numbers, and the full scale."""


class Mp4Decoder:
    """What is used of soundfile's `SoundFile`.

    It is read from any sample on as from the beginning, but for noise that AAC has its decoder
    make up. Where packets are damaged it is silent.

    Args:
        path: for errors.
        file: the bytes, not to be read by others until `close`, which leaves it open.

    Attributes:
        samplerate: in Hz.
        channels: how many.
        subtype: ``AAC`` or ``ALAC_16``, ``ALAC_20``, ``ALAC_24``, ``ALAC_32``.
        frames: samples of each channel that the file holds.
        kept: the fraction of the promised ones that these are.

    Raises:
        AudioFileError: nothing in it can be decoded, or the drive failed; so may `read`.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._track = Mp4Track(path, file)
        self.samplerate, self.channels = self._track.samplerate, self._track.channels
        self.subtype = self._track.subtype
        self.frames, self.kept = self._track.samples, self._track.kept
        self.seek(0)

    def seek(self, frames: int) -> None:
        """Let the next `read` begin at a sample."""
        self._blocks = self._blocks_from(frames)
        self._left = self._silence(0)

    def read(self, frames: int, *, dtype: str = "float32", always_2d: bool = True) -> FloatArray:
        """The next samples [S, C], fewer than asked for at the end; always as the defaults say."""
        parts = [self._left]
        missing = frames - len(self._left)
        while missing > 0 and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            missing -= len(block)
        ready = np.concatenate(parts)
        self._left = ready[frames:]
        return ready[:frames]

    def close(self) -> None:
        """Let go of the file."""
        self._blocks.close()
        self._track.close()

    def _blocks_from(self, start: int) -> Generator[FloatArray, None, None]:
        """Samples [S_i, C] from `start` up to `frames`, one after the other."""
        position = start
        for at, frame in self._track.frames_from(start):
            while position < min(at, self.frames):
                gap = min(at, self.frames) - position
                yield self._silence(min(gap, MOST_SAMPLES_PER_PACKET))
                position += min(gap, MOST_SAMPLES_PER_PACKET)
            if position >= self.frames:
                return
            block = _samples(frame)[position - at : self.frames - at]
            yield block
            position += len(block)

    def _silence(self, samples: int) -> FloatArray:
        return np.zeros((samples, self.channels), dtype=np.float32)


def _samples(frame: AudioFrame) -> FloatArray:
    """[S, C], on [-1, 1], which AAC may exceed.

    Of eight channels PyAV gives nine planes, the last of which it cannot read.
    """
    number, full_scale = PLANES[frame.format.name]
    planes = frame.planes[: frame.layout.nb_channels]
    values = [np.frombuffer(memoryview(plane), number, count=frame.samples) for plane in planes]
    return (np.stack(values, axis=1) / full_scale).astype(np.float32)
