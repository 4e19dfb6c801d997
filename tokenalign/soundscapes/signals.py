"""Sounds made to be noticed: bells, alarms, clocks, horns, telephones, a music box."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import steps, wander
from tokenalign.soundscapes.noise import filtered, noise_burst
from tokenalign.soundscapes.recording import edges_faded, room, unit
from tokenalign.soundscapes.take import Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, turns, wave

BELL_MODES = (
    (0.5, 0.5, 1.0),
    (1.0, 0.8, 0.8),
    (1.2, 1.0, 0.7),
    (1.5, 0.4, 0.55),
    (2.0, 1.0, 0.55),
    (2.51, 0.5, 0.4),
    (2.66, 0.4, 0.38),
    (3.01, 0.6, 0.35),
    (4.17, 0.5, 0.28),
    (5.43, 0.35, 0.2),
    (6.8, 0.22, 0.15),
    (8.2, 0.12, 0.1),
)
"""A church bell's modes: ratio to the prime, loudness, share of the longest decay. The minor
third (1.2, the tierce) is what makes it a church bell."""

MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11, 12)


def church_bells(take: Take) -> Signal:
    """One to five bells of a peal, each swinging at its own pace."""
    tower = take.silence()
    tonic_hz = take.pitch(230, 560)
    longest_s = take.between(5.0, 13.0)
    bells = take.count(1, 5)
    for bell in range(bells):
        prime_hz = tonic_hz * 2 ** (take.pick(MAJOR_SCALE[: 2 + bell]) / 12)
        sound = _bell(take, prime_hz, longest_s)
        pace_s = take.between(0.7, 1.8) * (1 + 0.15 * bells)
        first_s = 0.03 if bell == 0 else take.between(0.1, pace_s)
        for at_s in steps(take, pace_s, jitter=0.02, first_s=first_s):
            add(tower, sound, at_s, take.between(0.6, 1.0))
    return room(take, tower, decay_s=take.between(0.8, 3.0), wet=take.between(0.2, 0.8))


def _bell(take: Take, prime_hz: float, longest_s: float) -> Signal:
    """One stroke; each mode is a pair slightly apart, as no bell is quite round."""
    partials = []
    for ratio, amplitude, share in BELL_MODES:
        frequency_hz = prime_hz * ratio * take.between(0.995, 1.005)
        split_hz = take.between(0.2, 1.2)
        gain = amplitude * take.between(0.7, 1.2)
        partials.append(Partial(frequency_hz, gain, longest_s * share))
        partials.append(Partial(frequency_hz + split_hz, 0.5 * gain, longest_s * share))
    sound = ring(partials, longest_s=take.duration_s)
    add(sound, noise_burst(take, 1500, 7000, decay_s=0.05), 0.0, 0.5)
    return sound


def siren(take: Take) -> Signal:
    """An emergency siren: a slow wail, a fast yelp, or two tones in turn; near or far."""
    low_hz = take.pitch(420, 750)
    high_hz = low_hz * take.between(1.7, 2.4)
    style = take.count(0, 2)
    if style == 0:
        cycle = np.mod(take.times_s / take.between(2.5, 5.0), 1.0)
        sweep = np.where(cycle < 0.45, cycle / 0.45, (1 - cycle) / 0.55) ** 0.8
        pitch_hz = low_hz * (high_hz / low_hz) ** sweep
    elif style == 1:
        sweep = np.abs(2 * np.mod(take.times_s * take.between(2.2, 4.0), 1.0) - 1)
        pitch_hz = low_hz * (high_hz / low_hz) ** sweep
    else:
        second = np.mod(take.times_s / take.between(0.9, 1.3), 1.0) > 0.5
        pitch_hz = np.where(second, low_hz * take.pick((1.335, 1.26)), low_hz)
    approach = 1 + take.between(-0.03, 0.03) * np.linspace(-1, 1, take.sample_count)
    harmonics = [1.0] + [take.between(0.2, 0.8) / h for h in range(2, 9)]
    horn = wave(turns(pitch_hz * approach), harmonics)
    horn *= wander(take, 0.6, 1.0, changes_per_s=1.0)
    dull_db = take.between(-24, -3)
    street = filtered(horn, {200: -6, 600: 0, 1500: 0, 4000: dull_db, 12000: 2 * dull_db})
    return room(take, street, decay_s=take.between(0.5, 2.0), wet=take.between(0.15, 0.6))


def clock_alarm(take: Take) -> Signal:
    """An electronic alarm clock: beeps one by one or in groups, until it is switched off."""
    pitch_hz = take.pitch(800, 3400)
    tinny = take.pitch(0.05, 1.0)
    overtones = int(14000 / pitch_hz)
    harmonics = [1.0] + [tinny * take.between(0.1, 1.0) for _ in range(1, overtones)]
    group = take.count(2, 5) if take.chance(0.6) else 1
    beep_s = take.between(0.05, 0.12) if group > 1 else take.pitch(0.12, 0.6)
    part = take.lasting(beep_s)
    beep = edges_faded(wave(part.times_s * pitch_hz, harmonics), 0.004)
    interval_s = beep_s * take.between(1.5, 2.2)
    rest_s = take.between(0.15, 0.5) if group > 1 else 0.0
    table = take.silence()
    for at_s in steps(take, group * interval_s + rest_s):
        for number in range(group):
            add(table, beep, at_s + number * interval_s)
    return room(take, table, decay_s=take.between(0.15, 0.7), wet=take.between(0.05, 0.4))


def clock_tick(take: Take) -> Signal:
    """A clock's tick and tock, evenly: a wall clock, an alarm clock, a watch."""
    case = take.silence()
    interval_s = take.pick((1.0, 0.5, 0.5, 0.25, 0.2))
    wood_hz = take.pitch(700, 2600)
    tick, tock = (unit(_tick(take, wood_hz * ratio)) for ratio in (1.0, take.between(0.75, 0.95)))
    for number, at_s in enumerate(steps(take, interval_s, first_s=0.03)):
        add(case, tick if number % 2 == 0 else tock, at_s, take.between(0.9, 1.0))
    return room(take, case, decay_s=take.between(0.1, 0.5), wet=take.between(0.1, 0.5))


def _tick(take: Take, frequency_hz: float) -> Signal:
    """The escapement: two or three clicks within 20 ms, ringing in the case."""
    sound = take.lasting(0.15).silence()
    case = [
        Partial(frequency_hz * r, take.between(0.3, 1) / r**0.5, 0.06 / r**0.5)
        for r in (0.21, 0.47, 1.0, 1.9, 2.75, 4.1)
    ]
    for _ in range(take.count(2, 3)):
        delay_s = take.between(0.0, 0.018)
        add(sound, ring(case), delay_s, take.between(0.3, 0.8))
        click = noise_burst(take, 500, 9000, decay_s=take.between(0.01, 0.04), attack_s=0.0005)
        add(sound, click, delay_s, take.between(0.4, 1.0))
    return sound


def car_horn(take: Take) -> Signal:
    """Honks: two reeds a third apart, rich in overtones; one long, or several short."""
    street = take.silence()
    low_hz = take.pitch(310, 500)
    high_hz = low_hz * take.pick((1.19, 1.25, 1.26))
    reeds = [[take.between(0.2, 1.0) / h**0.2 for h in range(1, 26)] for _ in range(2)]
    longest_s = take.pitch(0.2, 2.0)
    at_s = take.between(0.03, 0.2)
    while at_s < take.duration_s:
        part = take.lasting(longest_s * take.between(0.5, 1.0))
        warble = wander(part, 0.995, 1.005, changes_per_s=20)
        honk = wave(turns(low_hz * warble), reeds[0]) + wave(turns(high_hz * warble), reeds[1])
        add(street, edges_faded(honk, 0.012), at_s)
        at_s += part.duration_s + take.pitch(0.1, 1.5)
    street = filtered(street, {200: -14, 500: -4, 1200: 0, 3500: -2, 7000: -12, 14000: -30})
    return room(take, street, decay_s=take.between(0.4, 1.4), wet=take.between(0.1, 0.5))


def telephone_ring(take: Take) -> Signal:
    """An old telephone: a clapper between two gongs, ringing and pausing."""
    table = take.silence()
    gong_hz = take.pitch(1100, 1900)
    gongs = [_gong(take, gong_hz * ratio) for ratio in (1.0, take.between(1.12, 1.3))]
    strokes_per_s = take.between(18, 26)
    ring_s, pause_s = take.between(0.8, 2.0), take.between(0.5, 1.6)
    for burst_s in steps(take, ring_s + pause_s, first_s=0.03):
        for stroke in range(int(ring_s * strokes_per_s)):
            add(table, gongs[stroke % 2], burst_s + stroke / strokes_per_s, take.between(0.85, 1.0))
    return room(take, table, decay_s=take.between(0.2, 0.6), wet=0.15)


def _gong(take: Take, frequency_hz: float) -> Signal:
    """A small steel gong."""
    ratios = (1.0, 2.08, 2.74, 3.6, 4.9)
    return ring([Partial(frequency_hz * r, take.between(0.4, 1) / r, 0.7 / r**0.5) for r in ratios])


def music_box(take: Take) -> Signal:
    """A plucked comb playing a small tune, slower towards the end."""
    box = take.silence()
    tonic_hz = take.pitch(480, 950)
    pace_s = take.between(0.18, 0.34)
    degree = take.count(0, 7)
    for at_s in steps(take, pace_s, jitter=0.03, first_s=0.03):
        degree = int(np.clip(degree + take.count(-2, 2), 0, 14))
        semitones = MAJOR_SCALE[degree % 7] + 12 * (degree // 7)
        if not take.chance(0.15):
            add(box, _tine(take, tonic_hz * 2 ** (semitones / 12)), at_s, take.between(0.5, 1.0))
        if take.chance(0.25):
            add(box, _tine(take, tonic_hz), at_s, 0.5)
    return room(take, box, decay_s=take.between(0.3, 1.0), wet=0.2)


def _tine(take: Take, frequency_hz: float) -> Signal:
    """One tooth of the comb."""
    partials = [Partial(frequency_hz, 1.0, 1.6), Partial(2 * frequency_hz, 0.15, 0.9)]
    partials += [Partial(6.27 * frequency_hz, 0.15, 0.12), Partial(3 * frequency_hz, 0.05, 0.5)]
    return ring(partials)
