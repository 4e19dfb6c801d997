"""Noise under speech, at a known ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SLOPES = (0.0, 0.5, 1.0)
"""Amplitude falls with frequency to the power of one of these: white, pink or brown noise."""

LOWEST_SHARE = 0.005
"""Of the sample rate: below, the spectrum rises no further (40 Hz at 8 kHz)."""

SPEECH_DB = -40.0
"""Stretches of 10 ms that lie so far under the loudest are no speech."""


def noise(count: int, slope: float, chance: np.random.Generator) -> Samples:
    """Gaussian noise of unit power with a sloping spectrum, [count]."""
    spectrum = np.fft.rfft(chance.normal(size=count))
    share = np.maximum(np.fft.rfftfreq(count), LOWEST_SHARE)
    sloped = np.fft.irfft(spectrum * share**-slope, count)
    return np.asarray(sloped / np.sqrt(np.mean(np.square(sloped))), np.float32)


def speech_power(samples: Samples, sample_rate: int) -> float:
    """Mean power of the stretches that are speech: silence does not make speech any softer."""
    length = sample_rate // 100
    whole = samples[: len(samples) // length * length].astype(np.float64)
    powers = np.square(whole).reshape(-1, length).mean(axis=1)
    if not powers.size or not powers.max():
        return 0.0
    return float(powers[powers > powers.max() * 10 ** (SPEECH_DB / 10)].mean())


def with_noise(
    samples: Samples, sample_rate: int, *, ratio_db: float, chance: np.random.Generator
) -> Samples:
    """Speech in noise of a drawn slope.

    Args:
        samples: [S].
        sample_rate: of them.
        ratio_db: power of the speech over that of the noise; infinite = no noise.
        chance: what is drawn.
    """
    if np.isinf(ratio_db):
        return samples
    power = speech_power(samples, sample_rate) / 10 ** (ratio_db / 10)
    added = noise(len(samples), float(chance.choice(SLOPES)), chance)
    return samples + np.float32(np.sqrt(power)) * added
