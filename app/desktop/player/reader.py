"""A file as a listener hears it: stereo, at the sound card's rate, from any position on."""

from __future__ import annotations

from contextlib import ExitStack
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from tokenalign.audio.decoding import LOSSY, LOSSY_WARM_UP_S
from tokenalign.audio.flac_frames import held_samples
from tokenalign.audio.mono import QUALITY, is_finite
from tokenalign.audio.opening import COPY_AGAIN, open_sound, os_errors_named, raise_if_drive_failed
from tokenalign.audio.probing import UNKNOWN_FRAMES, no_audio
from tokenalign.errors import AudioFileError

FloatArray = NDArray[np.float32]

BLOCK_S = 0.1
WARM_UP_PERIODS = 512
"""The resampling filter is filled with so many periods of the lower rate before it counts."""

_CENTRE = 0.5**0.5
# Left and right parts of each channel, in the order of WAV: front, centre, deep, back, side.
_PARTS_OF_5_1 = ((1, 0), (0, 1), (_CENTRE, _CENTRE), (_CENTRE, _CENTRE), (_CENTRE, 0), (0, _CENTRE))
_PARTS = {1: ((1, 1),), 2: ((1, 0), (0, 1)), 6: _PARTS_OF_5_1, 8: _PARTS_OF_5_1 + _PARTS_OF_5_1[4:]}


def stereo_parts(channels: int) -> FloatArray:
    """How much of each channel is heard left and right, [C, 2]; each side adds up to 1.

    Six and eight channels are taken for 5.1 and 7.1; of other numbers nobody knows what they are
    (quadro, ambisonics, single microphones), so they are heard in equal parts on both sides.
    """
    parts = np.array(_PARTS.get(channels, ((1, 1),) * channels), dtype=np.float32)
    sides: FloatArray = parts / parts.sum(axis=0)
    return sides


class SoundReader:
    """Reads one file; positions count samples at `rate`, whatever the file's own rate is.

    What is read from a position on is the same, to rounding, as that part of the whole file.

    Args:
        path: the file.
        rate: of the sound card, in Hz.

    Attributes:
        samples: how long the file is, at `rate`.

    Raises:
        AudioFileError: the file cannot be used; so may every method.
    """

    def __init__(self, path: Path, *, rate: int) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self.rate = rate
        self._open = ExitStack()
        self._decoder = self._open.enter_context(open_sound(path)).decoder
        self._parts = stereo_parts(self._decoder.channels)
        own_rate = self._decoder.samplerate
        own_samples = self._decoder.frames
        if own_samples == UNKNOWN_FRAMES:
            with open_sound(path) as sound:
                own_samples = held_samples(sound.file, sound.start)
        self.samples = -(-own_samples * rate // own_rate)
        if not self.samples:
            self.close()
            raise no_audio(path)
        # Every `_grid[0]` samples of the file fall together with every `_grid[1]` of the card.
        self._grid = (own_rate // gcd(own_rate, rate), rate // gcd(own_rate, rate))
        self._warm_up = 0 if own_rate == rate else WARM_UP_PERIODS * max(1, -(-rate // own_rate))
        if self._decoder.subtype.startswith(LOSSY):
            self._warm_up += round(LOSSY_WARM_UP_S * rate)
        self._resampler: soxr.ResampleStream | None = None
        self._ready = np.empty((0, 2), dtype=np.float32)
        self._ended = False

    def still_reads(self, path: Path) -> bool:
        """Whether it reads this file, and the file is the same as when it was opened."""
        return path == self._path and _stamp(path) == self._stamp

    def seek(self, position: int) -> None:
        """Go to a position; the next `read` begins there."""
        own_step, step = self._grid
        grid_point = max(0, position - self._warm_up) // step
        with os_errors_named(self._path):
            try:
                self._decoder.seek(min(grid_point * own_step, self._decoder.frames))
            except soundfile.SoundFileError as error:
                raise self._damaged(error) from error
        self._resampler = None if own_step == step else self._new_resampler()
        self._ready = self._ready[:0]
        self._ended = False
        self.read(position - grid_point * step)

    def read(self, samples: int) -> FloatArray:
        """The next samples [S, 2]; fewer than asked for at the end of the file."""
        parts = [self._ready]
        missing = samples - len(self._ready)
        while missing > 0 and not self._ended:
            parts.append(self._decoded())
            missing -= len(parts[-1])
        ready = np.concatenate(parts)
        self._ready = ready[samples:]
        return ready[:samples]

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def _decoded(self) -> FloatArray:
        """One block of the file, made ready to be heard."""
        wanted = max(1, round(BLOCK_S * self._decoder.samplerate))
        with os_errors_named(self._path):
            try:
                block = self._decoder.read(wanted, dtype="float32", always_2d=True)
            except soundfile.SoundFileError as error:
                raise self._damaged(error) from error
        if not is_finite(block):
            raise AudioFileError(str(self._path), "non-finite samples", "Export it again.")
        self._ended = len(block) < wanted
        stereo: FloatArray = np.ascontiguousarray(block @ self._parts)
        if self._resampler is None:
            return stereo
        return np.asarray(self._resampler.resample_chunk(stereo, last=self._ended))

    def _new_resampler(self) -> soxr.ResampleStream:
        return soxr.ResampleStream(
            self._decoder.samplerate, self.rate, 2, dtype="float32", quality=QUALITY
        )

    def _damaged(self, error: soundfile.SoundFileError) -> AudioFileError:
        """What to say of a file that cannot be decoded further."""
        if isinstance(error, soundfile.LibsndfileError):
            raise_if_drive_failed(self._path, error)
        return AudioFileError(str(self._path), "damaged: cannot be decoded further", COPY_AGAIN)


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced or written to."""
    with os_errors_named(path):
        status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
