"""Engines and appliances: whatever turns."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.noise import filtered, noise
from tokenalign.soundscapes.shape import breakpoints, noise_burst, room, steps, unit, wander
from tokenalign.soundscapes.take import Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, turns, wave


def _strokes(take: Take, phase_turns: Signal, *, sharpness: float) -> Signal:
    """A pulse a turn, [S] in 0..1: high just after the turn, then falling exponentially."""
    return np.exp(-sharpness * np.mod(phase_turns, 1.0))


def engine(take: Take) -> Signal:
    """A combustion engine idling or driving: uneven strokes through an exhaust pipe."""
    cylinders = take.count(2, 6)
    firing_hz = take.pitch(22, 75) * wander(take, 0.96, 1.05, changes_per_s=1.2)
    if take.chance(0.4):
        firing_hz = firing_hz * breakpoints(take, {0: 1.0, 0.4: take.between(1.2, 1.8), 1: 1.0})
    phase = turns(firing_hz)
    cylinder_gain = take.rng.uniform(0.6, 1.0, cylinders)
    gains = cylinder_gain[np.floor(phase).astype(np.int64) % cylinders]
    stroke = gains * _strokes(take, phase, sharpness=take.between(3, 8))
    pipe = noise(take, {30: -6, 90: 0, 250: -2, 800: -12, 3000: -24, 12000: -44})
    hard = noise(take, {300: -30, 1500: 0, 5000: -6, 14000: -24})
    tone = wave(phase, [1 / h**0.7 for h in range(1, 25)])
    exhaust = filtered(gains * tone, {25: -6, 70: 0, 300: -3, 900: -14, 4000: -36})
    rattle = take.between(0.05, 0.35)
    return 1.2 * unit(exhaust) + stroke * (0.7 * pipe + rattle * hard) + 0.06 * pipe


def helicopter(take: Take) -> Signal:
    """Blades that slap the air a dozen times a second, over turbine noise; passing by."""
    blade_hz = take.pitch(9, 22)
    phase = turns(np.full(take.sample_count, blade_hz))
    slap = _strokes(take, phase, sharpness=take.between(4, 8))
    sharp_slap = _strokes(take, phase + take.between(0, 0.2), sharpness=take.between(8, 14))
    thump = noise(take, {20: 0, 60: 0, 200: -4, 600: -16, 3000: -40})
    chop = noise(take, {150: -12, 500: 0, 1800: -6, 6000: -20, 14000: -40})
    turbine = noise(take, {100: -18, 800: -4, 3000: 0, 8000: -14})
    bass = wave(phase, [1 / (1 + (h / 6) ** 2) for h in range(1, 30)])
    passing = breakpoints(
        take, {0: take.between(0.3, 1), take.between(0.3, 0.7): 1.0, 1: take.between(0.3, 1)}
    )
    sound = slap * thump + take.between(0.4, 1.0) * sharp_slap * chop + 0.8 * bass
    return passing * (sound + take.between(0.03, 0.12) * turbine)


def train(take: Take) -> Signal:
    """Wheels over rail joints, two and two, above a heavy rumble; sometimes the horn."""
    track = noise(take, {25: -3, 80: 0, 300: -3, 1000: -8, 3000: -16, 12000: -34})
    track *= wander(take, 0.75, 1.0, changes_per_s=3)
    sway = noise(take, {500: -20, 1500: 0, 4000: -3, 9000: -16}) * wander(
        take, 0.1, 0.5, changes_per_s=2
    )
    clacks = take.silence()
    bogie_s = take.between(0.1, 0.2)
    rail_hz = take.pitch(140, 420)
    for at_s in steps(take, take.between(0.45, 0.95), jitter=0.02, first_s=0.04):
        for delay_s in (0.0, bogie_s):
            add(clacks, _clack(take, rail_hz), at_s + delay_s, take.between(0.7, 1.0))
    rolling = 0.25 * track + 0.03 * sway + take.between(0.4, 1.0) * clacks
    if take.chance(0.5):
        add(rolling, _train_horn(take), take.between(0.05, 0.5) * take.duration_s, 0.35)
    return room(take, rolling, decay_s=take.between(0.3, 0.8), wet=0.2)


def _clack(take: Take, rail_hz: float) -> Signal:
    """A wheel dropping over a joint."""
    ratios = (1.0, 1.7, 2.9, 4.3, 6.1)
    sound = ring([Partial(rail_hz * r, take.between(0.3, 1) / r, 0.16 / r**0.5) for r in ratios])
    add(sound, noise_burst(take, 300, 4000, decay_s=0.07), 0.0, 0.5)
    return sound


def _train_horn(take: Take) -> Signal:
    """A chord of air horns, one or two blasts."""
    part = take.lasting(take.between(1.0, 2.2))
    bend = breakpoints(part, {0: 0.97, 0.06: 1.0, 0.9: 1.0, 1: 0.97})
    tonic_hz = take.pitch(260, 360)
    chord = part.silence()
    for ratio in (1.0, 1.189, 1.498, 1.682):
        chord += wave(turns(tonic_hz * ratio * bend), [1 / h**0.8 for h in range(1, 14)])
    return chord * breakpoints(part, {0: 0, 0.05: 1, 0.85: 0.9, 1: 0}) / 2


def airplane(take: Take) -> Signal:
    """A jet passing over: a roar that darkens, combed by its echo off the ground."""
    near = breakpoints(take, {0: 0.25, take.between(0.35, 0.6): 1.0, 1: 0.2}) ** 1.3
    low = noise(take, {25: -6, 80: 0, 300: -2, 700: -14, 4000: -50})
    middle = noise(take, {150: -20, 500: 0, 1500: -4, 4000: -20, 14000: -50})
    high = noise(take, {800: -24, 2500: 0, 6000: -10, 15000: -40})
    roar = near**0.7 * low + take.between(0.4, 0.8) * near * middle + 0.25 * near**2 * high
    echo_s = take.between(0.0012, 0.0022) * (1 + 2 * np.abs(np.linspace(-1, 1, take.sample_count)))
    echoed = np.interp(take.times_s - echo_s, take.times_s, roar)
    whine_hz = take.pitch(1200, 2600) * breakpoints(take, {0: 1.06, 0.4: 1.03, 0.6: 0.97, 1: 0.94})
    whine = wave(turns(whine_hz), [1.0, 0.3]) * near**2
    return roar + 0.7 * echoed + take.between(0.0, 0.06) * whine


def vacuum_cleaner(take: Take) -> Signal:
    """A universal motor's whine with its overtones in a stream of air, run up at the start."""
    motor_hz = take.pitch(180, 420)
    start_up = np.minimum(1.0, (take.times_s + 0.15) / take.between(0.4, 0.9)) ** 0.5
    speed = start_up * wander(take, 0.985, 1.01, changes_per_s=1.5)
    harmonics = [take.between(0.1, 1.0) / h**0.6 for h in range(1, 22)]
    whine = wave(turns(motor_hz * speed), harmonics)
    air = noise(take, {60: -18, 250: -4, 800: 0, 3000: -3, 8000: -10, 15000: -22})
    sweeping = wander(take, 0.8, 1.0, changes_per_s=1.5)
    return start_up**2 * (take.between(0.6, 1.4) * whine + sweeping * air * 0.5)


def washing_machine(take: Take) -> Signal:
    """A drum turning: motor hum, wet laundry falling once or twice a turn, water slapping."""
    turn_hz = take.between(0.7, 1.3)
    lift = 0.5 + 0.5 * np.sin(2 * np.pi * turn_hz * take.times_s)
    mains_hz = take.pick((100.0, 120.0))
    hum = wave(take.times_s * mains_hz, [1.0, 0.6, 0.5, 0.3, 0.25, 0.2, 0.1, 0.1])
    whirr = noise(take, {50: -6, 150: 0, 500: -4, 1500: -10, 4000: -22, 12000: -40})
    slosh = noise(take, {200: -18, 600: 0, 2000: -4, 6000: -16, 14000: -36})
    drum = take.silence()
    for at_s in steps(take, 1 / turn_hz, jitter=0.04, first_s=take.between(0.05, 0.6)):
        add(drum, noise_burst(take, 40, 180, decay_s=0.35, attack_s=0.03), at_s, 1.2)
        add(drum, noise_burst(take, 300, 1500, decay_s=0.2, attack_s=0.04), at_s + 0.05, 0.3)
    motor = take.between(0.3, 0.8) * hum + 0.6 * whirr
    mixed = motor * (0.7 + 0.3 * lift) + take.between(0.15, 0.5) * slosh * lift**3 + drum
    return room(take, mixed, decay_s=0.3, wet=0.25)


def chainsaw(take: Take) -> Signal:
    """A small two-stroke engine screaming under load, falling back to idle and up again."""
    throttle = np.clip(wander(take, -0.3, 1.4, changes_per_s=take.between(0.6, 1.4)), 0.0, 1.0)
    idle_hz, full_hz = take.pitch(38, 60), take.pitch(95, 170)
    rough = wander(take, 0.97, 1.03, changes_per_s=40)
    phase = turns((idle_hz + (full_hz - idle_hz) * throttle) * rough)
    harmonics = [take.between(0.4, 1.0) / h**0.35 for h in range(1, 60)]
    buzz = filtered(wave(phase, harmonics), {60: -12, 250: 0, 1200: 0, 3500: -4, 9000: -22})
    stroke = _strokes(take, phase, sharpness=3.0)
    chain = noise(take, {500: -18, 2000: 0, 6000: -3, 14000: -16})
    load = 0.35 + 0.65 * throttle
    return load * (unit(buzz) * 2.5 + stroke * chain * take.between(0.3, 0.7))
