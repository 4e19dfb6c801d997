"""Shapes in time: envelopes, wandering curves, rhythms, rooms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tokenalign.soundscapes.noise import band, fast_length, noise
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take


def wander(take: Take, low: float, high: float, *, changes_per_s: float) -> Signal:
    """A smooth random curve [S] between two values, with a new aim so often a second."""
    knots = max(2, int(np.ceil(take.duration_s * changes_per_s)) + 2)
    aims = take.rng.uniform(low, high, knots)
    position = take.times_s * changes_per_s + take.between(0.0, 0.999)
    index = np.minimum(position.astype(np.int64), knots - 2)
    fraction = position - index
    fraction = np.minimum(fraction, 1.0)
    return np.asarray(
        aims[index] + (aims[index + 1] - aims[index]) * fraction**2 * (3 - 2 * fraction)
    )


def breakpoints(take: Take, points: Mapping[float, float]) -> Signal:
    """A curve [S] through (share of the take's length, value), straight in between."""
    share = np.arange(take.sample_count) / take.sample_count
    return np.interp(share, list(points.keys()), list(points.values()))


def burst(take: Take, *, attack_s: float, decay_s: float) -> Signal:
    """An envelope [S]: a straight rise, then a fall by 60 dB in ``decay_s``."""
    times_s = take.times_s
    rise = np.minimum(times_s / max(attack_s, 1e-4), 1.0)
    fall = np.exp(-np.log(1000.0) * np.maximum(times_s - attack_s, 0.0) / decay_s)
    return np.asarray(rise * fall)


def noise_burst(
    take: Take, low_hz: float, high_hz: float, *, decay_s: float, attack_s: float = 0.001
) -> Signal:
    """A short puff of noise in a band, until it has fallen by 60 dB."""
    part = take.lasting(attack_s + decay_s)
    return noise(part, band(low_hz, high_hz)) * burst(part, attack_s=attack_s, decay_s=decay_s)


def steps(
    take: Take, interval_s: float, *, jitter: float = 0.0, first_s: float = 0.02
) -> Iterator[float]:
    """Times of a pulse until the take ends; each interval varies by a share `jitter`."""
    at_s = first_s
    while at_s < take.duration_s:
        yield at_s
        at_s += interval_s * max(0.1, 1 + jitter * float(take.rng.standard_normal()))


def scattered(take: Take, per_s: float) -> Signal:
    """Times of events that know nothing of each other (a Poisson process), in order."""
    count = int(take.rng.poisson(per_s * take.duration_s))
    return np.sort(take.rng.uniform(0.0, take.duration_s, max(1, count)))


def room(take: Take, dry: Signal, *, decay_s: float, wet: float, dark_hz: float = 4000.0) -> Signal:
    """A signal in a reverberant place.

    Args:
        take: its chance draws the room.
        dry: [S].
        decay_s: time in which the reverberation falls by 60 dB.
        wet: its RMS against that of the dry sound.
        dark_hz: walls swallow what lies above.
    """
    tail = take.lasting(decay_s)
    response = noise(tail, {40: -12, 200: 0, dark_hz: -3, 15000: -24})
    response *= burst(tail, attack_s=0.004, decay_s=decay_s)
    length = fast_length(len(dry) + len(response))
    spectrum = np.fft.rfft(dry, length) * np.fft.rfft(response, length)
    echo = np.fft.irfft(spectrum, length)[: len(dry)]
    scale = np.sqrt(np.mean(dry**2) / (np.mean(echo**2) + 1e-20))
    return np.asarray(dry + wet * scale * echo)


def level(signal: Signal) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(signal**2)))


def unit(signal: Signal) -> Signal:
    """A signal scaled to a peak of 1 (silence stays silence)."""
    return signal / (np.abs(signal).max() + 1e-12)


def edges_faded(signal: Signal, fade_s: float) -> Signal:
    """Raised-cosine fades at both ends, so that nothing clicks."""
    count = min(round(fade_s * CORE_RATE_HZ), len(signal) // 2)
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))
    faded = signal.copy()
    faded[:count] *= rise
    faded[len(signal) - count :] *= rise[::-1]
    return faded
