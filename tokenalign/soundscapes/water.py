"""Water: sea waves, drops, pouring, a flushed toilet."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import breakpoints, scattered, steps, wander
from tokenalign.soundscapes.noise import moving_noise, noise, noise_burst, restless_noise
from tokenalign.soundscapes.recording import room
from tokenalign.soundscapes.take import Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, sine


def sea_waves(take: Take) -> Signal:
    """Waves that rise as a roar, break bright and run out on the beach as a hiss."""
    swell = take.silence()
    period_s = take.between(3.0, 7.0)
    for at_s in steps(take, period_s, jitter=0.2, first_s=-take.between(0.0, period_s)):
        add(swell, _one_wave(take, period_s * take.between(1.0, 1.6)), at_s, take.between(0.6, 1.0))
    swell = np.clip(swell, 0.0, 1.2) + take.pitch(0.08, 0.5)
    near = take.pitch(0.08, 0.6)
    low = noise(take, {30: -8, 160: 0, 400: 0, 1200: -14, 12000: -50})
    middle = restless_noise(
        take,
        {150: -8, 400: 0, 900: -3, 2000: -9, 5000: -18, 15000: -36},
        depth_db=2,
        changes_per_s=6,
    )
    high = restless_noise(
        take, {600: -18, 2000: 0, 5000: -5, 10000: -12, 15000: -18}, depth_db=3, changes_per_s=8
    )
    return take.pitch(0.3, 1.0) * swell * low + swell**1.5 * middle + near * swell**2.2 * high


def _one_wave(take: Take, length_s: float) -> Signal:
    """The strength of one wave over time, 0 to 1: slow rise, quick break, long run-out."""
    part = take.lasting(length_s)
    crest = take.between(0.3, 0.45)
    return breakpoints(part, {0: 0, 0.25: 0.35, crest: 1.0, 0.52: 0.7, 0.75: 0.25, 1: 0})


def _bubble(take: Take, frequency_hz: float, *, decay_s: float, rise: float) -> Signal:
    """The ring of an air bubble under water, rising in pitch as it nears the surface."""
    part = take.lasting(decay_s)
    share = part.times_s / decay_s
    return np.asarray(np.exp(-np.log(1000.0) * share) * sine(frequency_hz * (1 + rise * share)))


def water_drops(take: Take) -> Signal:
    """Drops into a basin, a bucket or a cave: a tap, then the ring of the bubble it took along."""
    pool = take.silence()
    base_hz = take.pitch(450, 2000)
    hard = take.pitch(0.05, 0.8)
    bucket = [
        Partial(take.pitch(300, 6000), take.between(0.1, 1), take.pitch(0.03, 0.2))
        for _ in range(6)
    ]
    for at_s in steps(take, take.pitch(0.2, 1.2), jitter=take.between(0.02, 0.45), first_s=0.03):
        drop_hz = base_hz * take.pitch(0.7, 1.8)
        loudness = take.between(0.4, 1.0)
        tap = noise_burst(take, 1200, 14000, decay_s=take.between(0.008, 0.03), attack_s=0.0005)
        add(pool, tap, at_s, hard * 0.6 * loudness)
        add(pool, ring(bucket), at_s, hard * 0.25 * loudness)
        for _ in range(take.count(1, 3)):
            ringing = _bubble(
                take, drop_hz, decay_s=take.pitch(0.03, 0.16), rise=take.between(0.1, 0.8)
            )
            add(pool, ringing, at_s + take.between(0.008, 0.05), loudness * take.between(0.4, 1.0))
            drop_hz *= take.between(1.2, 2.2)
    return room(take, pool, decay_s=take.pitch(0.2, 2.0), wet=take.between(0.1, 0.5))


def pouring_water(take: Take) -> Signal:
    """A stream of bubbles into a vessel whose air column shortens: its resonances climb."""
    low_hz = take.pitch(350, 900)
    filled_hz = breakpoints(take, {0: low_hz, 1: low_hz * take.between(1.1, 2.4)})
    stream = take.silence()
    for at_s in scattered(take, take.between(50, 140)):
        resonance_hz = filled_hz[int(at_s * take.sample_count / take.duration_s)]
        bubble = _bubble(
            take, resonance_hz * take.pitch(0.7, 9), decay_s=take.pitch(0.01, 0.06), rise=0.3
        )
        add(stream, bubble, float(at_s), take.between(0.05, 1.0) ** 2)
    air = moving_noise(take, filled_hz, width_hz=0.08 * low_hz)
    air += 0.5 * moving_noise(take, 2.7 * filled_hz, width_hz=0.15 * low_hz)
    glugs = wander(take, 0.1, 1.0, changes_per_s=take.pitch(8, 22)) ** 2
    splash = restless_noise(
        take,
        {100: -40, 400: -16, 700: -4, 1250: -2, 2500: 0, 5000: -6, 10000: -6, 15000: -14},
        depth_db=9,
        changes_per_s=32,
    )
    flow = wander(take, 0.2, 1.0, changes_per_s=2)
    sound = take.between(1.0, 2.5) * stream + take.pitch(0.1, 0.5) * glugs * air
    return flow * (sound + take.pitch(0.05, 0.25) * (0.3 + glugs) * splash)


def toilet_flush(take: Take) -> Signal:
    """The button, then a rush of water that swells, gurgles and drains away in a tiled room."""
    begin = take.between(0.03, 0.15)
    opened = begin + take.between(0.03, 0.2)
    emptying = take.between(0.45, 0.75)
    strength = breakpoints(
        take,
        {
            0: 0.0,
            begin: take.between(0.1, 0.9),
            opened: 1.0,
            emptying: take.between(0.4, 0.9),
            0.87: take.between(0.05, 0.4),
            1: 0.02,
        },
    )
    rush = restless_noise(
        take,
        {
            60: -8,
            200: -2,
            700: 0,
            2500: take.between(-6, 0),
            7000: take.between(-14, -4),
            15000: -24,
        },
        depth_db=take.between(4, 8),
        changes_per_s=take.pitch(6, 24),
    )
    swirl_hz = take.pitch(250, 600) * wander(take, 0.7, 1.5, changes_per_s=7)
    swirl = moving_noise(take, swirl_hz, width_hz=90)
    gurgle = take.silence()
    for at_s in scattered(take, take.between(30, 110)):
        bubble = _bubble(
            take, take.pitch(180, 3500), decay_s=take.between(0.03, 0.1), rise=take.between(0.2, 1)
        )
        add(gurgle, bubble, float(at_s), take.between(0.2, 1.0) ** 2)
    water = strength * (rush + take.between(0.1, 0.5) * swirl) + np.sqrt(strength) * gurgle
    add(water, noise_burst(take, 200, 3000, decay_s=0.06), 0.02, 1.2)
    return room(take, water, decay_s=take.between(0.4, 0.9), wet=0.4)
