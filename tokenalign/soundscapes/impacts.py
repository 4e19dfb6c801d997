"""Things that are struck, dropped, typed on or walked on."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import breakpoints, scattered, steps, wander
from tokenalign.soundscapes.noise import band, noise, noise_burst, restless_noise
from tokenalign.soundscapes.recording import room
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, sine


def door_knock(take: Take) -> Signal:
    """Knuckles on a wooden door: groups of two to six knocks, a pause, perhaps again."""
    door = take.silence()
    panel_hz = take.pitch(90, 240)
    hollow = [(panel_hz * take.pitch(1.0, 9.0), take.between(0.2, 1.0)) for _ in range(9)]
    pace_s = take.pitch(0.11, 0.32)
    at_s = take.between(0.03, 0.15)
    while at_s < take.duration_s:
        for _ in range(take.count(2, 6)):
            add(door, _knock(take, hollow), at_s, take.between(0.7, 1.0))
            at_s += pace_s * take.between(0.9, 1.1)
        at_s += take.between(0.6, 1.6)
    return room(take, door, decay_s=take.pitch(0.2, 0.9), wet=take.between(0.1, 0.45))


def _knock(take: Take, modes: list[tuple[float, float]]) -> Signal:
    """One knock: the panel's modes, damped at once by the wood, and the tap of the knuckle."""
    partials = [
        Partial(hz * take.between(0.98, 1.02), gain * (150 / hz) ** 0.5, 8.0 / hz**0.65)
        for hz, gain in modes
    ]
    sound = ring(partials)
    add(sound, noise_burst(take, 400, 2500, decay_s=0.018), 0.0, 0.35)
    return sound


def footsteps(take: Take) -> Signal:
    """Heel and toe, left and right, on wood, stone or gravel."""
    ground = take.silence()
    gravel = take.chance(0.3)
    hard = take.between(0.2, 1.0)
    body_hz = take.pitch(70, 200)
    pace_s = take.between(0.42, 0.68)
    for at_s in steps(take, pace_s, jitter=0.05, first_s=take.between(0.03, 0.2)):
        loudness = take.between(0.7, 1.0)
        tread = _gravel_tread(take) if gravel else _hard_tread(take, body_hz, hard)
        add(ground, tread, at_s, loudness)
    return room(take, ground, decay_s=take.pitch(0.25, 1.2), wet=0.05 if gravel else 0.4)


def _hard_tread(take: Take, body_hz: float, hard: float) -> Signal:
    """A shoe on a floor: the heel's thump and click, then the softer slap of the sole."""
    tread = take.lasting(0.3).silence()
    for delay_s, gain in ((0.0, 1.0), (take.between(0.07, 0.13), take.between(0.2, 0.5))):
        thump = ring([Partial(body_hz * r * take.between(0.9, 1.1), 1 / r, 0.09) for r in (1, 2.2)])
        click = noise_burst(take, 400, 1200 + 3000 * hard, decay_s=take.between(0.03, 0.08))
        add(tread, thump, delay_s, 0.7 * gain)
        add(tread, click, delay_s, 0.45 * gain * hard)
        scuff = noise_burst(take, 500, 4000, decay_s=0.12, attack_s=0.02)
        add(tread, scuff, delay_s, 0.06 * gain)
    return tread


def _gravel_tread(take: Take) -> Signal:
    """A shoe on gravel: a crunch of hundreds of tiny grains, harder in the middle."""
    part = take.lasting(take.between(0.22, 0.34))
    crunch = part.silence()
    grains = [
        noise_burst(take, f / 1.6, f * 1.6, decay_s=take.pitch(0.004, 0.015))
        for f in (take.pitch(400, 6000) for _ in range(10))
    ]
    for at_s in scattered(part, 450):
        grain = grains[take.count(0, len(grains) - 1)]
        add(crunch, grain, float(at_s), take.between(0.1, 1.0) ** 3)
    crunch *= np.sin(np.pi * np.minimum(part.times_s / part.duration_s, 1.0)) ** 0.7
    add(crunch, noise_burst(take, 60, 250, decay_s=0.15, attack_s=0.01), 0.02, 0.6)
    return crunch


def glass_breaking(take: Take) -> Signal:
    """A crash: the blow, the burst of the pane, and shards that ring as they scatter."""
    floor = take.silence()
    for at_s in steps(take, take.between(2.5, 4.5), jitter=0.2, first_s=take.between(0.03, 0.1)):
        add(floor, noise_burst(take, 300, 3000, decay_s=0.08), at_s, 0.7)
        pane = noise_burst(take, 2500, 12000, decay_s=take.between(0.25, 0.6), attack_s=0.002)
        add(floor, pane, at_s, take.between(0.4, 0.9))
        spread_s = take.between(0.25, 0.8)
        for _ in range(take.count(30, 80)):
            delay_s = min(2.2, float(take.rng.exponential(spread_s)))
            add(floor, _shard(take), at_s + delay_s, take.between(0.1, 0.7) / (1 + 1.5 * delay_s))
    return room(take, floor, decay_s=take.pitch(0.3, 1.2), wet=take.between(0.1, 0.3))


def _shard(take: Take) -> Signal:
    """A piece of glass hitting the floor."""
    lowest_hz = take.pitch(1800, 7000)
    ratios = (1.0, take.between(1.4, 1.9), take.between(2.2, 2.9), take.between(3.0, 4.0))
    ringing_s = take.pitch(0.04, 0.35)
    return ring([Partial(lowest_hz * r, take.between(0.2, 1) / r, ringing_s / r) for r in ratios])


def keyboard_typing(take: Take) -> Signal:
    """Words of keystrokes: press and release of each key, and now and then the space bar."""
    desk = take.silence()
    pace_s = take.pitch(0.09, 0.2)
    plastic_hz = take.pitch(1500, 3800)
    at_s = take.between(0.03, 0.15)
    while at_s < take.duration_s:
        for _ in range(take.count(2, 9)):
            add(desk, _key(take, plastic_hz, 1.0), at_s, take.between(0.5, 1.0))
            release_s = at_s + take.between(0.05, 0.09)
            add(desk, _key(take, plastic_hz * 1.2, 0.5), release_s, take.between(0.2, 0.4))
            at_s += pace_s * take.between(0.5, 1.6)
        add(desk, _key(take, plastic_hz * 0.55, 1.6), at_s, take.between(0.7, 1.1))
        at_s += take.between(0.15, 0.6)
    hum = noise(take, {60: 0, 300: -10, 4000: -30}) * 0.002
    return room(take, desk, decay_s=take.between(0.1, 0.3), wet=0.2) + hum


def _key(take: Take, frequency_hz: float, weight: float) -> Signal:
    """One key cap meeting its stop."""
    frequency_hz *= take.pitch(0.8, 1.25)
    partials = [Partial(frequency_hz * r, 0.5 / r, 0.012) for r in (1.0, 1.63, 2.41)]
    partials.append(Partial(take.pitch(180, 350), 0.5 * weight, 0.05))
    sound = ring(partials)
    add(sound, noise_burst(take, 1200, 8000, decay_s=0.014, attack_s=0.0005), 0.0, 0.5)
    return sound


def mouse_click(take: Take) -> Signal:
    """Clicks of a mouse, single and double, each a press and a release."""
    desk = take.silence()
    switch_hz = take.pitch(2200, 4800)
    at_s = take.between(0.03, 0.2)
    while at_s < take.duration_s:
        for _ in range(take.count(1, 2)):
            add(desk, _switch(take, switch_hz), at_s, take.between(0.8, 1.0))
            hold_s = take.between(0.06, 0.12)
            add(desk, _switch(take, switch_hz * 1.15), at_s + hold_s, take.between(0.35, 0.7))
            at_s += hold_s + take.between(0.05, 0.1)
        at_s += take.between(0.3, 1.1)
    return room(take, desk, decay_s=take.between(0.1, 0.4), wet=take.between(0.1, 0.4))


def _switch(take: Take, frequency_hz: float) -> Signal:
    """A micro switch snapping over."""
    snap = take.lasting(0.06).silence()
    add(snap, ring([Partial(frequency_hz * r, 1 / r, 0.012) for r in (0.4, 1.0, 1.8, 2.6)]), 0.0)
    crack = noise_burst(take, 900, 15000, decay_s=0.02, attack_s=0.0003)
    add(snap, crack, 0.0, take.between(0.7, 2.0))
    add(snap, noise_burst(take, 100, 700, decay_s=0.04), 0.0, take.between(0.1, 0.5))
    return snap


def hand_saw(take: Take) -> Signal:
    """Strokes through wood, push louder than pull; the teeth give a rasp that rises."""
    log_wood = take.silence()
    stroke_s = take.between(0.28, 0.55)
    wood_hz = take.pitch(500, 1100)
    teeth_per_s = take.pitch(90, 220)
    forward = True
    for at_s in steps(take, stroke_s, jitter=0.05, first_s=0.02):
        part = take.lasting(0.85 * stroke_s)
        share = part.times_s / part.duration_s
        speed = np.sin(np.pi * share) ** 0.6
        rate_hz = teeth_per_s * (0.5 + speed) * (1.0 if forward else 0.85)
        teeth = 0.5 + 0.5 * sine(rate_hz)
        rasp = noise(part, {200: -20, wood_hz: 0, wood_hz * 2: -6, 5000: -6, 9000: -14, 15000: -30})
        add(log_wood, rasp * speed * (0.4 + teeth**3), at_s, 1.0 if forward else 0.5)
        forward = not forward
    return room(take, log_wood, decay_s=0.3, wet=0.15)


def door_creak(take: Take) -> Signal:
    """A dry hinge: it sticks and slips, and each slip rings in the door."""
    hall = take.silence()
    modes_hz = [take.pitch(180, 3500) for _ in range(12)]
    slip = ring([Partial(hz, take.between(0.2, 1.0), take.pitch(0.02, 0.06)) for hz in modes_hz])
    add(
        slip, noise_burst(take, 300, 5000, decay_s=0.02, attack_s=0.0005), 0.0, take.between(0.3, 1)
    )
    slowest_hz = take.pitch(8, 60)
    at_s = take.between(0.03, 0.1)
    while at_s < take.duration_s:
        part = take.lasting(take.between(0.4, 1.8))
        rate_hz = slowest_hz * wander(part, 0.6, take.between(1.5, 5), changes_per_s=3)
        swing = breakpoints(part, {0: 0.2, 0.2: 1.0, 0.8: 0.8, 1: 0})
        slip_s = 0.0
        while slip_s < part.duration_s:
            here = int(slip_s * CORE_RATE_HZ)
            add(hall, slip, at_s + slip_s, swing[here] * take.between(0.3, 1.0))
            slip_s += take.between(0.8, 1.25) / rate_hz[here]
        at_s += part.duration_s + take.between(0.1, 0.8)
    return room(take, hall, decay_s=take.between(0.2, 0.8), wet=take.between(0.1, 0.4))


def applause(take: Take) -> Signal:
    """People clapping, a few or a hall full, each at a pace and with hands of their own."""
    hall = take.silence()
    people = round(take.pitch(2, 40))
    for _ in range(people):
        hands_hz = take.pitch(500, 1800)
        distance = take.between(0.2, 1.0)
        clap = noise_burst(take, hands_hz / 2, hands_hz * 1.7, decay_s=take.between(0.03, 0.08))
        add(clap, noise_burst(take, 2000, 9000, decay_s=0.015), 0.0, take.between(0.1, 0.4))
        pace_s = take.between(0.19, 0.34)
        for at_s in steps(take, pace_s, jitter=0.06, first_s=take.between(0.02, 0.3)):
            add(hall, clap, at_s, distance * take.between(0.6, 1.0))
    murmur = restless_noise(take, band(300, 2500), depth_db=3, changes_per_s=4)
    mixed = hall + take.pitch(0.005, 0.05) * np.sqrt(people) * murmur
    return room(take, mixed, decay_s=take.between(0.3, 1.4), wet=take.between(0.1, 0.5))
