"""Subtractive synthesis: noise with a drawn spectrum, filters, and bands that move.

Filters work on the whole signal's spectrum: exact gains, no phase shift, and one FFT each.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tokenalign.soundscapes.curves import burst, wander
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take

Curve = Mapping[float, float]
"""A spectrum's outline, Hz -> dB, joined by straight lines over the logarithm of frequency."""

LOWEST_HZ = 20.0
NEPERS_PER_DB = np.log(10.0) / 20.0

LOOP_SAMPLES = 2**18
"""Longer noise repeats after so many samples (8 s): an FFT's noise is a loop without a seam."""

REGISTER_STEP_OCTAVES = 2.4
REGISTER_CENTRES_OCTAVES = (6.2, 8.6, 11.0, 13.4)
"""Where `restless_noise` splits the spectrum: 74 Hz, 388 Hz, 2 kHz, 10.8 kHz."""


def fast_length(least: int) -> int:
    """The smallest 2^a · k at or above `least`, a >= 1 and k in 4..8: a quick length for an FFT."""
    power = max(1, int(least - 1).bit_length() - 3)
    return -(-least >> power) << power


def gains(curve: Curve, frequencies_hz: NDArray[np.floating]) -> Signal:
    """Amplitude of a curve at given frequencies; below `LOWEST_HZ` it falls to nothing."""
    points = sorted(curve.items())
    nepers = np.interp(
        np.log(np.maximum(frequencies_hz, 1.0)),
        np.log([frequency for frequency, _ in points]),
        [level_db * NEPERS_PER_DB for _, level_db in points],
    )
    gain = np.exp(nepers)
    rumble = frequencies_hz < LOWEST_HZ
    gain[rumble] *= (frequencies_hz[rumble] / LOWEST_HZ) ** 2
    return np.asarray(gain)


def band(low_hz: float, high_hz: float, *, fall_db: float = 24.0) -> Curve:
    """A curve that passes a band and falls by so many dB an octave on both sides."""
    return {low_hz / 8: -3 * fall_db, low_hz: 0.0, high_hz: 0.0, high_hz * 8: -3 * fall_db}


def noise(take: Take, curve: Curve) -> Signal:
    """Gaussian noise of unit RMS with the given spectrum, [S]."""
    return _sounding(_noise_spectrum(take, curve), take.sample_count)


def restless_noise(take: Take, curve: Curve, *, depth_db: float, changes_per_s: float) -> Signal:
    """Noise whose loudness wanders in each register on its own, as in wind, water and traffic.

    Args:
        take: its length and chance.
        curve: the spectrum on average.
        depth_db: registers rise and fall by up to so much.
        changes_per_s: how often each takes a new course.
    """
    spectrum = _noise_spectrum(take, curve)
    frequencies_hz = np.linspace(0.0, CORE_RATE_HZ / 2, len(spectrum), dtype=np.float32)
    lowest, *_, highest = REGISTER_CENTRES_OCTAVES
    octaves = np.log2(np.clip(frequencies_hz, 2**lowest, 2**highest))
    total = take.silence()
    for centre in REGISTER_CENTRES_OCTAVES:
        share = np.clip(1 - np.abs(octaves - centre) / REGISTER_STEP_OCTAVES, 0, 1)
        gain_db = wander(take, -depth_db, depth_db, changes_per_s=changes_per_s)
        total += 10 ** (gain_db / 20) * _sounding(share * spectrum, take.sample_count)
    return total


def _noise_spectrum(take: Take, curve: Curve) -> NDArray[np.complex64]:
    """A random spectrum that sounds with unit RMS; single precision is plenty for noise."""
    length = fast_length(min(take.sample_count, LOOP_SAMPLES))
    gain = gains(curve, np.fft.rfftfreq(length, 1.0 / CORE_RATE_HZ)).astype(np.float32)
    bins = take.rng.standard_normal(2 * len(gain), dtype=np.float32).view(np.complex64) * gain
    power = 2.0 * float(np.vdot(bins, bins).real) / length**2
    return np.asarray(bins / np.float32(np.sqrt(power + 1e-24)), dtype=np.complex64)


def _sounding(spectrum: NDArray[np.complex64], sample_count: int) -> Signal:
    """A spectrum's signal, cut or repeated to a length."""
    return np.resize(np.fft.irfft(spectrum), sample_count).astype(np.float64)


def filtered(signal: Signal, curve: Curve) -> Signal:
    """A signal under a curve, [S]; zero phase."""
    length = fast_length(len(signal) + CORE_RATE_HZ // 20)
    frequencies_hz = np.fft.rfftfreq(length, 1.0 / CORE_RATE_HZ)
    spectrum = np.fft.rfft(signal.astype(np.float32), length)
    spectrum *= gains(curve, frequencies_hz).astype(np.float32)
    return np.fft.irfft(spectrum, length)[: len(signal)].astype(np.float64)


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


def noise_burst(
    take: Take, low_hz: float, high_hz: float, *, decay_s: float, attack_s: float = 0.001
) -> Signal:
    """A short puff of noise in a band, until it has fallen by 60 dB."""
    part = take.lasting(attack_s + decay_s)
    return noise(part, band(low_hz, high_hz)) * burst(part, attack_s=attack_s, decay_s=decay_s)
