"""Subtractive synthesis: noise with a drawn spectrum, filters, and bands that move.

Filters work on the whole signal's spectrum: exact gains, no phase shift, and one FFT each.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take

Curve = Mapping[float, float]
"""A spectrum's outline, Hz -> dB, joined by straight lines over the logarithm of frequency."""

LOWEST_HZ = 20.0


def fast_length(least: int) -> int:
    """The smallest 2^a · k at or above `least` with k in 4..7: a quick length for an FFT."""
    power = max(0, int(least - 1).bit_length() - 3)
    return -(-least >> power) << power if least > 8 else least


def gains(curve: Curve, frequencies_hz: Signal) -> Signal:
    """Amplitude of a curve at given frequencies; below `LOWEST_HZ` it falls to nothing."""
    points = sorted(curve.items())
    decibels = np.interp(
        np.log(np.maximum(frequencies_hz, 1.0)),
        np.log([frequency for frequency, _ in points]),
        [level for _, level in points],
    )
    rumble = np.minimum(frequencies_hz / LOWEST_HZ, 1.0) ** 2
    return np.asarray(rumble * 10.0 ** (decibels / 20.0), dtype=np.float64)


def band(low_hz: float, high_hz: float, *, fall_db: float = 24.0) -> Curve:
    """A curve that passes a band and falls by so many dB an octave on both sides."""
    return {low_hz / 8: -3 * fall_db, low_hz: 0.0, high_hz: 0.0, high_hz * 8: -3 * fall_db}


def noise(take: Take, curve: Curve) -> Signal:
    """Gaussian noise of unit RMS with the given spectrum, [S]."""
    length = fast_length(take.sample_count)
    frequencies_hz = np.fft.rfftfreq(length, 1.0 / CORE_RATE_HZ)
    parts = take.rng.standard_normal((2, len(frequencies_hz)))
    spectrum = gains(curve, frequencies_hz) * (parts[0] + 1j * parts[1])
    samples = np.fft.irfft(spectrum, length)
    return np.asarray(samples[: take.sample_count] / (np.sqrt(np.mean(samples**2)) + 1e-12))


def filtered(signal: Signal, curve: Curve) -> Signal:
    """A signal under a curve, [S]; zero phase."""
    length = fast_length(len(signal) + CORE_RATE_HZ // 20)
    frequencies_hz = np.fft.rfftfreq(length, 1.0 / CORE_RATE_HZ)
    spectrum = np.fft.rfft(signal, length) * gains(curve, frequencies_hz)
    return np.asarray(np.fft.irfft(spectrum, length)[: len(signal)])


def moving_noise(take: Take, centre_hz: Signal, *, width_hz: float) -> Signal:
    """Noise in a band whose centre wanders: slow noise, carried up by an oscillator.

    Args:
        take: its length and chance.
        centre_hz: [S].
        width_hz: the band reaches so far to both sides; below the centre, or it folds at zero.
    """
    outline = {width_hz: 0.0, 4 * width_hz: -40.0, 16 * width_hz: -90.0}
    phase = 2 * np.pi * np.cumsum(centre_hz) / CORE_RATE_HZ
    return np.asarray(noise(take, outline) * np.cos(phase) + noise(take, outline) * np.sin(phase))
