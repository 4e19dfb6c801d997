"""Water: sea waves, drops, pouring, a flushed toilet."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.noise import moving_noise, noise
from tokenalign.soundscapes.shape import breakpoints, noise_burst, room, scattered, steps, wander
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take, add


def sea_waves(take: Take) -> Signal:
    """Waves that rise as a roar, break bright and run out on the beach as a hiss."""
    swell = take.silence()
    period_s = take.between(3.5, 7.0)
    for at_s in steps(take, period_s, jitter=0.2, first_s=-take.between(0.0, period_s)):
        add(swell, _one_wave(take, period_s * take.between(1.0, 1.6)), at_s, take.between(0.6, 1.0))
    swell = np.clip(swell, 0.0, 1.2) + take.between(0.08, 0.25)
    distance = take.between(0.0, 1.0)
    low = noise(take, {30: -10, 100: 0, 400: -3, 1200: -20, 12000: -60})
    middle = noise(take, {200: -24, 600: 0, 2000: -2, 5000: -16, 15000: -40})
    high = noise(take, {1000: -30, 3000: 0, 9000: -3, 15000: -12})
    breaking = swell * wander(take, 0.8, 1.2, changes_per_s=5.0)
    return (
        0.6 * swell * low + breaking**1.6 * middle + (0.6 - 0.45 * distance) * breaking**2.4 * high
    )


def _one_wave(take: Take, length_s: float) -> Signal:
    """The strength of one wave over time, 0 to 1: slow rise, quick break, long run-out."""
    part = take.lasting(length_s)
    shape = breakpoints(part, {0: 0, 0.25: 0.35, 0.38: 1.0, 0.5: 0.7, 0.75: 0.25, 1: 0})
    return np.asarray(shape)


def _bubble(take: Take, frequency_hz: float, *, decay_s: float, rise: float) -> Signal:
    """The ring of an air bubble under water, rising in pitch as it nears the surface."""
    part = take.lasting(decay_s)
    times_s = part.times_s
    pitch_hz = frequency_hz * (1 + rise * times_s / decay_s)
    fall = np.exp(-np.log(1000.0) * times_s / decay_s)
    return fall * np.sin(2 * np.pi * np.cumsum(pitch_hz) / CORE_RATE_HZ)


def water_drops(take: Take) -> Signal:
    """Drops into a basin or a cave: a tiny splash, then the ring of the bubble it took along."""
    pool = take.silence()
    base_hz = take.pitch(500, 1600)
    pace_s = take.pitch(0.25, 1.1)
    for at_s in steps(take, pace_s, jitter=take.between(0.02, 0.45), first_s=0.03):
        drop_hz = base_hz * take.pitch(0.8, 1.5)
        loudness = take.between(0.5, 1.0)
        splash = noise_burst(take, 1500, 9000, decay_s=take.between(0.006, 0.02))
        add(pool, splash, at_s, 0.06 * loudness)
        for _ in range(take.count(1, 3)):
            ringing = _bubble(
                take, drop_hz, decay_s=take.pitch(0.05, 0.16), rise=take.between(0.1, 0.8)
            )
            add(pool, ringing, at_s + take.between(0.008, 0.05), loudness * take.between(0.4, 1.0))
            drop_hz *= take.between(1.1, 1.7)
    return room(take, pool, decay_s=take.pitch(0.3, 2.0), wet=take.between(0.1, 0.5))


def pouring_water(take: Take) -> Signal:
    """A stream of bubbles into a vessel whose air column shortens: its resonance climbs."""
    stream = take.silence()
    low_hz = take.pitch(350, 700)
    high_hz = low_hz * take.between(1.8, 3.2)
    for at_s in scattered(take, take.between(120, 260)):
        filled = float(at_s) / take.duration_s
        frequency_hz = (low_hz + (high_hz - low_hz) * filled) * take.pitch(0.6, 2.4)
        bubble = _bubble(take, frequency_hz, decay_s=take.pitch(0.015, 0.06), rise=0.3)
        add(stream, bubble, float(at_s), take.between(0.1, 1.0) ** 2)
    filling_hz = breakpoints(take, {0: low_hz, 1: high_hz}) * wander(
        take, 0.95, 1.05, changes_per_s=6
    )
    air = moving_noise(take, filling_hz, width_hz=0.12 * low_hz)
    splash = noise(take, {300: -30, 1200: -6, 4000: 0, 10000: -8, 15000: -20})
    flow = wander(take, 0.7, 1.0, changes_per_s=7)
    return stream + flow * (take.between(0.15, 0.4) * air + take.between(0.1, 0.3) * splash)


def toilet_flush(take: Take) -> Signal:
    """A rush of water that swells, gurgles and drains away, in a tiled room."""
    strength = breakpoints(take, {0: 0.0, 0.04: 0.8, 0.15: 1.0, 0.5: 0.8, 0.75: 0.25, 1: 0.04})
    rush = noise(take, {60: -14, 200: -3, 700: 0, 2500: -4, 7000: -12, 15000: -28})
    swirl_hz = take.pitch(250, 450) * wander(take, 0.7, 1.5, changes_per_s=5)
    swirl = moving_noise(take, swirl_hz, width_hz=90)
    gurgle = take.silence()
    for at_s in scattered(take, 35):
        bubble = _bubble(
            take, take.pitch(180, 700), decay_s=take.between(0.04, 0.12), rise=take.between(0.2, 1)
        )
        add(gurgle, bubble, float(at_s), take.between(0.2, 1.0))
    strength = strength * wander(take, 0.85, 1.1, changes_per_s=8)
    water = strength * (rush + 0.8 * swirl) + np.sqrt(strength) * 0.5 * gurgle
    return room(take, water, decay_s=take.between(0.4, 0.9), wet=0.4)
