"""Engines and appliances: whatever turns."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import breakpoints, steps, wander
from tokenalign.soundscapes.noise import (
    Curve,
    filtered,
    moving_noise,
    noise,
    noise_burst,
    restless_noise,
)
from tokenalign.soundscapes.recording import room, unit
from tokenalign.soundscapes.take import Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, turns, wave


def _strokes(phase_turns: Signal, *, sharpness: float) -> Signal:
    """A pulse a turn, [S] in 0..1: high just after the turn, then falling exponentially."""
    return np.asarray(np.exp(-sharpness * np.mod(phase_turns, 1.0)))


def engine(take: Take) -> Signal:
    """A combustion engine idling or driving: uneven strokes through an exhaust pipe."""
    cylinders = take.count(2, 6)
    firing_hz = take.pitch(16, 80) * wander(take, 0.96, 1.05, changes_per_s=1.2)
    if take.chance(0.4):
        firing_hz = firing_hz * breakpoints(take, {0: 1.0, 0.4: take.between(1.2, 1.8), 1: 1.0})
    phase = turns(firing_hz)
    cylinder_gains = take.rng.uniform(0.5, 1.0, cylinders)
    strength = cylinder_gains[np.floor(phase).astype(np.int64) % cylinders]
    stroke = strength * _strokes(phase, sharpness=take.between(2, 8))
    tone = wave(phase, [1 / h**0.5 for h in range(1, 40)])
    exhaust = filtered(strength * tone, {25: -6, 70: 0, 200: 0, 400: -9, 1500: -18, 5000: -36})
    block: Curve = {40: -4, 80: 0, 160: -3, 320: -12, 640: -16, 1250: -20, 2500: -26, 14000: -46}
    knocking = restless_noise(take, block, depth_db=2, changes_per_s=9)
    rattle = noise(take, {500: -24, 1500: 0, 4000: 0, 9000: -12, 15000: -24})
    return (
        take.pitch(0.3, 1.5) * unit(exhaust)
        + (stroke + take.between(0.1, 0.6)) * knocking
        + take.pitch(0.01, 0.15) * stroke * rattle
    )


def helicopter(take: Take) -> Signal:
    """Blades that slap the air a dozen times a second, over turbine noise; passing by."""
    phase = take.pitch(9, 24) * take.times_s + take.between(0, 1)
    slap = _strokes(phase, sharpness=take.between(1.5, 5))
    sharp_slap = _strokes(phase + take.between(0, 0.2), sharpness=take.between(3, 9))
    thump = noise(take, {20: -6, 60: 0, 200: -1, 400: -6, 800: -14, 3000: -36})
    chop = noise(take, {100: -9, 300: 0, 800: -3, 1600: -10, 3200: -18, 7000: -28, 14000: -46})
    rotor: Curve = {40: -4, 80: -2, 160: -2, 320: -4, 1250: -16, 2500: -23, 5000: -31, 14000: -54}
    air = restless_noise(take, rotor, depth_db=3, changes_per_s=3)
    near = wander(take, take.between(0.3, 0.9), 1.0, changes_per_s=0.4)
    blades = slap * thump + take.between(0.3, 1.2) * sharp_slap * chop
    return near * (blades + take.pitch(0.3, 1.2) * air)


def train(take: Take) -> Signal:
    """Wheels over rail joints, two and two, above a heavy rumble; sometimes the horn."""
    rolling = restless_noise(
        take,
        {40: -10, 80: -2, 320: -2, 640: -8, 1250: -15, 2500: -23, 5000: -32, 14000: -48},
        depth_db=take.between(4, 9),
        changes_per_s=take.pitch(2, 9),
    )
    clacks = take.silence()
    bogie_s = take.between(0.1, 0.2)
    rail_hz = take.pitch(140, 420)
    for at_s in steps(take, take.between(0.45, 1.1), jitter=0.02, first_s=0.04):
        for delay_s in (0.0, bogie_s):
            add(clacks, _clack(take, rail_hz), at_s + delay_s, take.between(0.6, 1.0))
    squeal_hz = take.pitch(1800, 4200) * wander(take, 0.98, 1.02, changes_per_s=3)
    squealing = np.maximum(wander(take, -1.0, 1.0, changes_per_s=1), 0.0)
    squeal = squealing * moving_noise(take, squeal_hz, width_hz=40)
    sound = 0.3 * rolling + take.pitch(0.3, 1.5) * clacks + take.pitch(0.002, 0.03) * squeal
    if take.chance(0.4):
        blast = take.pitch(0.1, 0.5) * _train_horn(take)
        add(sound, blast, take.between(0.05, 0.5) * take.duration_s)
    return room(take, sound, decay_s=take.between(0.3, 0.8), wet=0.2)


def _clack(take: Take, rail_hz: float) -> Signal:
    """A wheel dropping over a joint."""
    ratios = (1.0, 1.7, 2.9, 4.3, 6.1)
    sound = ring([Partial(rail_hz * r, take.between(0.3, 1) / r, 0.16 / r**0.5) for r in ratios])
    add(sound, noise_burst(take, 200, 2500, decay_s=0.09), 0.0, 0.5)
    return sound


def _train_horn(take: Take) -> Signal:
    """A chord of air horns."""
    part = take.lasting(take.between(1.0, 2.2))
    bend = breakpoints(part, {0: 0.97, 0.06: 1.0, 0.9: 1.0, 1: 0.97})
    tonic_hz = take.pitch(260, 360)
    chord = part.silence()
    for ratio in (1.0, 1.189, 1.498, 1.682):
        chord += wave(turns(tonic_hz * ratio * bend), [1 / h**0.8 for h in range(1, 14)])
    return chord * breakpoints(part, {0: 0, 0.05: 1, 0.85: 0.9, 1: 0}) / 2


def airplane(take: Take) -> Signal:
    """An airplane passing over: a roar that darkens, turbines' whine, an echo off the ground."""
    far = take.between(0.35, 0.9)
    near = breakpoints(take, {0: far, take.between(0.2, 0.8): 1.0, 1: take.between(0.35, 0.9)})
    jet: Curve = {40: -4, 80: 0, 160: 0, 320: -6, 1250: -22, 2500: -32, 5000: -46, 14000: -70}
    low = restless_noise(take, jet, depth_db=3, changes_per_s=2)
    middle = restless_noise(
        take,
        {100: -10, 400: 0, 900: -6, 2000: -14, 5000: -30, 14000: -50},
        depth_db=2,
        changes_per_s=2,
    )
    roar = near * low + take.pitch(0.03, 0.5) * near**2 * middle
    passing = np.abs(np.linspace(-take.between(0.2, 1), take.between(0.2, 1), take.sample_count))
    echo_s = take.pitch(0.0012, 0.006) * (1 + 2 * passing)
    echoed = np.interp(take.times_s - echo_s, take.times_s, roar)
    whine_hz = take.pitch(500, 2600) * breakpoints(take, {0: 1.04, 0.4: 1.02, 0.6: 0.98, 1: 0.96})
    whine = wave(turns(whine_hz), [1.0, 0.3, 0.3]) + wave(turns(1.41 * whine_hz), [0.5])
    return roar + take.between(0.1, 0.6) * echoed + take.pitch(0.005, 0.1) * near**2 * whine


def vacuum_cleaner(take: Take) -> Signal:
    """A universal motor's whine with its overtones in a stream of air, run up at the start."""
    motor_hz = take.pitch(150, 500)
    switched_on = take.chance(0.4)
    run_up = np.minimum(1.0, (take.times_s + 0.1) / take.between(0.4, 1.2)) ** 0.5
    start_up = run_up if switched_on else np.ones(take.sample_count)
    speed = start_up * wander(take, 0.98, 1.015, changes_per_s=1.5)
    harmonics = [take.between(0.05, 1.0) ** 2 / h**0.3 for h in range(1, 26)]
    whine = wave(turns(motor_hz * speed), harmonics)
    stream: Curve = {40: -18, 80: -9, 160: -4, 320: 0, 1250: -7, 2500: -10, 5000: -15, 14000: -28}
    air = restless_noise(take, stream, depth_db=take.between(1, 5), changes_per_s=2.5)
    return start_up**2 * (take.pitch(0.2, 1.6) * whine + 0.5 * air)


def washing_machine(take: Take) -> Signal:
    """A drum turning: motor hum and whine, wet laundry falling every turn, water slapping."""
    turn_hz = take.between(0.7, 1.4)
    lift = 0.5 + 0.5 * np.sin(2 * np.pi * turn_hz * take.times_s)
    mains_hz = take.pick((100.0, 120.0))
    hum = wave(take.times_s * mains_hz, [1.0] + [take.between(0.05, 0.6) for _ in range(9)])
    spin_hz = take.pitch(250, 1400) * wander(take, 0.985, 1.015, changes_per_s=0.6)
    spin = wave(turns(spin_hz), [take.between(0.1, 1.0) for _ in range(8)])
    tub: Curve = {40: -8, 80: 0, 160: -3, 320: -12, 1250: -21, 2500: -27, 5000: -33, 14000: -44}
    whirr = restless_noise(take, tub, depth_db=2, changes_per_s=4)
    slosh = noise(take, {200: -18, 600: 0, 2000: -4, 6000: -14, 14000: -30})
    drum = take.silence()
    for at_s in steps(take, 1 / turn_hz, jitter=0.04, first_s=take.between(0.05, 0.6)):
        add(drum, noise_burst(take, 40, 180, decay_s=0.35, attack_s=0.03), at_s, 1.2)
        add(drum, noise_burst(take, 200, 900, decay_s=0.2, attack_s=0.04), at_s + 0.05, 0.15)
    motor = take.pitch(0.2, 1.4) * hum + 0.8 * whirr + take.pitch(0.02, 0.25) * spin
    mixed = motor * (0.8 + 0.2 * lift) + take.pitch(0.02, 0.2) * slosh * lift**3
    return room(take, mixed + take.pitch(0.1, 1.0) * drum, decay_s=0.3, wet=0.25)


def chainsaw(take: Take) -> Signal:
    """A small two-stroke engine screaming under load, falling back to idle and up again."""
    throttle = np.clip(wander(take, -1.0, 2.0, changes_per_s=take.between(0.5, 1.6)), 0.0, 1.0)
    idle_hz, full_hz = take.pitch(38, 60), take.pitch(80, 150)
    rough = wander(take, 0.98, 1.02, changes_per_s=30)
    phase = turns((idle_hz + (full_hz - idle_hz) * throttle) * rough)
    harmonics = [take.between(0.2, 1.0) / h**0.3 for h in range(1, 60)]
    buzz = filtered(
        wave(phase, harmonics), {60: -6, 200: 0, 700: -3, 2000: -9, 5000: -15, 12000: -28}
    )
    stroke = _strokes(phase, sharpness=take.between(2, 4))
    bar: Curve = {80: -24, 300: -12, 640: -4, 1250: 0, 2500: 0, 5000: -3, 10000: -12, 14000: -18}
    chain = restless_noise(take, bar, depth_db=5, changes_per_s=14)
    load = 0.25 + 0.75 * throttle
    cutting = take.pitch(0.15, 0.8) * (0.35 + stroke) * chain
    return load * (take.pitch(1.5, 6.0) * unit(buzz) + cutting)
