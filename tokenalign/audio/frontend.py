"""Samples to log-mel frames: the front end that training and the program share, in NumPy.

Shapes: S samples, T frames, F mel bands. Frame i is centred on sample ``hop * (i + 1/2)``: there
are ``ceil(S / hop)`` frames, and zeros stand before the first sample and behind the last.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tokenalign.errors import TokenAlignError

FloatArray = NDArray[np.float32]

FRAMES_PER_CHUNK = 128  # small enough for its spectra to stay in the processor's cache

BANDS_PER_PRODUCT = 8
"""Mel bands are weighted so many at a time: each group reaches over few of the bins. Products this
small stay in one thread of BLAS, whose others would wait for it longer than they help."""


@dataclass(frozen=True)
class FrontEnd:
    """What a bundle says of its log-mel.

    The frames are ``(log(power + floor) + offset) / scale``, natural logarithm.

    Attributes:
        fft_samples: the window is filled up with zeros to so many; None = as it is.
        mel_scale: where the triangles lie and what shape they have, see `mel_weights`.
        pre_emphasis: share of each sample that is taken off the next one.

    Raises:
        TokenAlignError: these numbers do not make a front end.
    """

    sample_rate: int = 32000
    window_samples: int = 1024
    hop_samples: int = 320
    mel_bands: int = 64
    low_hz: float = 50.0
    high_hz: float = 16000.0
    floor: float = 1e-5
    offset: float = 4.5
    scale: float = 5.0
    mel_scale: Literal["htk", "kaldi", "slaney"] = "htk"
    fft_samples: int | None = None
    pre_emphasis: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what could never be computed; a bundle is a file that anyone may have edited."""
        sound = (
            0 < self.hop_samples <= self.window_samples
            and self.mel_bands > 0
            and 0 <= self.low_hz < self.high_hz <= self.sample_rate / 2
            and self.floor > 0
            and self.scale > 0
            and self.mel_scale in ("htk", "kaldi", "slaney")
            and self.transform_samples >= self.window_samples
            and 0 <= self.pre_emphasis < 1
        )
        if not sound:
            raise TokenAlignError(
                f"not a possible front end: {self}", "Install the bundle again, or export it anew."
            )

    @property
    def transform_samples(self) -> int:
        """Samples of the Fourier transform."""
        return self.window_samples if self.fft_samples is None else self.fft_samples

    @property
    def quiet(self) -> float:
        """The log-mel of digital silence."""
        return (math.log(self.floor) + self.offset) / self.scale

    @property
    def leading_samples(self) -> int:
        """Zeros before the first sample, so that frame 0 is centred on half a hop."""
        return (self.window_samples - self.hop_samples) // 2


class LogMel:
    """The log-mel of a front end, from whole arrays or from a stream of blocks."""

    def __init__(self, front_end: FrontEnd) -> None:
        self.front_end = front_end
        self._window = periodic_hann(front_end.window_samples)
        self._groups = tuple(_band_groups(mel_weights(front_end)))

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Log-mel frames [T, F] of samples [S]."""
        return self._compress(self.power(samples))

    def power(self, samples: FloatArray) -> FloatArray:
        """Mel-weighted power [T, F] of samples [S], before the logarithm."""
        nothing = np.empty((0, self.front_end.mel_bands), dtype=np.float32)
        return np.concatenate([nothing, *self._powers([samples])])

    def stream(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """Log-mel frames [T_i, F], piece by piece, of blocks [S_i] of any size.

        The pieces together are what one call on the joined blocks gives, to the last bit.
        """
        yield from map(self._compress, self._powers(blocks))

    def _chunks(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """The samples of `FRAMES_PER_CHUNK` frames at a time; zeros fill the last chunk."""
        window, hop = self.front_end.window_samples, self.front_end.hop_samples
        advance = FRAMES_PER_CHUNK * hop
        needed = advance - hop + window
        held = np.zeros(self.front_end.leading_samples, dtype=np.float32)
        seen_samples = done_frames = 0
        for block in self._emphasised(blocks):
            seen_samples += block.size
            held = np.concatenate([held, block])
            while held.size >= needed:
                yield held[:needed]
                held = held[advance:]
                done_frames += FRAMES_PER_CHUNK
        for first in range(done_frames, frames := -(-seen_samples // hop), FRAMES_PER_CHUNK):
            needed = (min(frames - first, FRAMES_PER_CHUNK) - 1) * hop + window
            yield np.pad(held[:needed], (0, max(0, needed - held.size)))
            held = held[advance:]

    def _emphasised(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """Blocks of the same sizes, high sounds louder; the sample before the first is 0."""
        share = np.float32(self.front_end.pre_emphasis)
        if not share:
            yield from blocks
            return
        before = np.zeros(1, np.float32)
        for block in blocks:
            joined = np.concatenate([before, block])
            yield joined[1:] - share * joined[:-1]
            before = joined[-1:]

    def _powers(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """Mel-weighted power [T_i, F], of a chunk at a time."""
        room = _Room.of(self.front_end)
        for chunk in self._chunks(blocks):
            yield self._mel_power(chunk, room)

    def _mel_power(self, chunk: FloatArray, room: _Room) -> FloatArray:
        """Mel-weighted power [T, F] of the frames that fit into the chunk."""
        window, hop = self.front_end.window_samples, self.front_end.hop_samples
        windows = sliding_window_view(chunk, window)[::hop]
        count = len(windows)
        frames = np.multiply(windows, self._window, out=room.frames[:count])
        points = self.front_end.transform_samples
        # NumPy's own types know of double precision only.
        spectrum = np.fft.rfft(frames, points, out=room.spectra[:count])  # type: ignore[arg-type]
        power = np.square(spectrum.real, out=room.powers[:count])
        power += np.square(spectrum.imag, out=room.squares[:count])
        bands = np.empty((count, self.front_end.mel_bands), np.float32)
        for first, bins, weights in self._groups:
            np.matmul(power[:, bins], weights, out=bands[:, first : first + weights.shape[1]])
        return bands

    def _compress(self, power: FloatArray) -> FloatArray:
        front_end = self.front_end
        log_power: FloatArray = np.log(power + np.float32(front_end.floor))
        return (log_power + np.float32(front_end.offset)) / np.float32(front_end.scale)


@dataclass(frozen=True)
class _Room:
    """Arrays that hold one chunk after the other: fresh memory each time costs as much again."""

    frames: FloatArray
    spectra: NDArray[np.complex64]
    powers: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, front_end: FrontEnd) -> _Room:
        spectrum = (FRAMES_PER_CHUNK, front_end.transform_samples // 2 + 1)
        return cls(
            frames=np.empty((FRAMES_PER_CHUNK, front_end.window_samples), np.float32),
            spectra=np.empty(spectrum, np.complex64),
            powers=np.empty(spectrum, np.float32),
            squares=np.empty(spectrum, np.float32),
        )


def _band_groups(weights: FloatArray) -> Iterator[tuple[int, slice, FloatArray]]:
    """Neighbouring bands: the first one, the bins that they reach, and their weights there."""
    for first in range(0, weights.shape[1], BANDS_PER_PRODUCT):
        group = weights[:, first : first + BANDS_PER_PRODUCT]
        reached = np.flatnonzero(group.any(axis=1))
        bins = slice(reached[0], reached[-1] + 1) if reached.size else slice(0, 0)
        yield first, bins, np.ascontiguousarray(group[bins])


def periodic_hann(size: int) -> FloatArray:
    """Hann window [size] of period `size`."""
    phase = 2 * np.pi * np.arange(size) / size
    return (0.5 - 0.5 * np.cos(phase)).astype(np.float32)


def mel_weights(front_end: FrontEnd) -> FloatArray:
    """Triangles [bins, F] with equal steps on the front end's mel scale.

    On HTK's, ``2595 log10(1 + f / 700)``, each triangle is 1 at its own centre and 0 at its
    neighbours', with straight sides over hertz; Kaldi's are the same with straight sides over
    mel. On Slaney's, linear up to 1 kHz and logarithmic above, each has the area 1 Hz.
    """
    bins = np.fft.rfftfreq(front_end.transform_samples, 1 / front_end.sample_rate)[:, None]
    corners = (_slaney_corners if front_end.mel_scale == "slaney" else _htk_corners)(front_end)
    if front_end.mel_scale == "kaldi":
        bins, corners = _htk_mel(bins), _htk_mel(corners)
    left, centre, right = corners[:-2], corners[1:-1], corners[2:]
    rising = (bins - left) / (centre - left)
    falling = (right - bins) / (right - centre)
    height = 2 / (right - left) if front_end.mel_scale == "slaney" else 1.0
    return np.asarray(height * np.maximum(0, np.minimum(rising, falling)), np.float32)


def _htk_corners(front_end: FrontEnd) -> NDArray[np.float64]:
    low, high = (hz_to_mel(hz) for hz in (front_end.low_hz, front_end.high_hz))
    return mel_to_hz(np.linspace(low, high, front_end.mel_bands + 2))


def _slaney_corners(front_end: FrontEnd) -> NDArray[np.float64]:
    """M. Slaney's Auditory Toolbox (1998): 15 mel to 1 kHz, then 27 mel for each factor of 6.4."""
    break_hz, break_mel, mel_per_log = 1000.0, 15.0, 27 / np.log(6.4)
    edges_hz = np.array([front_end.low_hz, front_end.high_hz])
    above = break_mel + mel_per_log * np.log(np.maximum(edges_hz, break_hz) / break_hz)
    edges = np.where(edges_hz < break_hz, edges_hz * break_mel / break_hz, above)
    mel = np.linspace(edges[0], edges[1], front_end.mel_bands + 2)
    above_hz = break_hz * np.exp((np.maximum(mel, break_mel) - break_mel) / mel_per_log)
    return np.where(mel < break_mel, mel * break_hz / break_mel, above_hz)


def hz_to_mel(hz: float) -> float:
    """A frequency on HTK's mel scale."""
    return float(_htk_mel(np.float64(hz)))


def _htk_mel(hz: NDArray[np.floating] | np.floating) -> NDArray[np.float64]:
    return np.asarray(2595 * np.log10(1 + hz / 700), np.float64)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequencies of points on HTK's mel scale."""
    return np.asarray(700 * (10 ** (mel / 2595) - 1))
