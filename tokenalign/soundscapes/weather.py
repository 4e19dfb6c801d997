"""Weather and fire: rain, wind, thunder, a campfire, fireworks."""

from __future__ import annotations

from tokenalign.soundscapes.curves import breakpoints, burst, scattered, steps, wander
from tokenalign.soundscapes.noise import moving_noise, noise, noise_burst, restless_noise
from tokenalign.soundscapes.recording import room
from tokenalign.soundscapes.take import Signal, Take, add
from tokenalign.soundscapes.tones import Partial, ring, sine


def rain(take: Take) -> Signal:
    """A hiss of countless far drops, and single near ones on leaves, tiles or tin."""
    dark_db = take.between(-14, 2)
    rumble_db = take.between(-12, -1)
    sheet = restless_noise(
        take,
        {50: rumble_db, 200: rumble_db, 800: -3, 2500: 0, 6000: dark_db / 2, 14000: dark_db - 12},
        depth_db=take.between(0.5, 2.5),
        changes_per_s=take.pitch(1, 9),
    )
    near = take.silence()
    surface_hz = take.pitch(900, 5000)
    grains = [_rain_drop(take, surface_hz * take.pitch(0.5, 2.0)) for _ in range(16)]
    for at_s in scattered(take, take.pitch(15, 200)):
        grain = grains[take.count(0, len(grains) - 1)]
        add(near, grain, float(at_s), take.between(0.2, 1.0) ** 3)
    return sheet + near * take.pitch(0.5, 6.0)


def _rain_drop(take: Take, frequency_hz: float) -> Signal:
    """A tap: a few milliseconds of noise round a frequency."""
    return noise_burst(
        take, frequency_hz / 1.5, frequency_hz * 1.5, decay_s=take.pitch(0.008, 0.03)
    )


def wind(take: Take) -> Signal:
    """A band of noise whose height and strength follow the same gusts; a whistle in the cracks."""
    pace = take.pitch(0.25, 0.9)
    gust = wander(take, 0.1, 1.0, changes_per_s=pace)
    gust *= wander(take, 0.75, 1.0, changes_per_s=4.0)
    base_hz = take.pitch(120, 380)
    centre_hz = base_hz * (1 + 1.8 * gust)
    body = moving_noise(take, centre_hz, width_hz=base_hz * take.between(0.4, 0.9))
    body += 0.5 * noise(take, {40: 0, 150: 0, 600: -24, 5000: -60})
    howl_hz = base_hz * take.between(2.2, 3.5) * (0.8 + 0.5 * gust)
    howl = moving_noise(take, howl_hz, width_hz=base_hz * take.between(0.06, 0.2))
    air = restless_noise(
        take,
        {40: 0, 80: -4, 320: -9, 640: -15, 1250: -25, 5000: -40, 14000: -54},
        depth_db=4,
        changes_per_s=3,
    )
    return gust * (
        take.pitch(0.3, 1.5) * body + take.pitch(0.05, 1.0) * gust * howl + take.pitch(0.5, 2) * air
    )


def thunder(take: Take) -> Signal:
    """Claps that break near by or far off and roll away, darker and darker."""
    sky = take.silence()
    for at_s in steps(take, take.between(5, 9), jitter=0.2, first_s=take.between(0.03, 0.25)):
        add(sky, _clap(take), at_s, take.between(0.6, 1.0))
    return sky


def _clap(take: Take) -> Signal:
    """One clap: a crack when it is near, then lobes of rumble as sound arrives from afar."""
    part = take.lasting(take.between(3.5, 8.0))
    near = take.between(0.0, 1.0)
    rolling = part.silence()
    for lobe in range(take.count(5, 11)):
        lobe_part = take.lasting(take.between(0.8, 3.0))
        delay_s = 0.0 if lobe == 0 else take.between(0.05, 0.6) * part.duration_s
        swell = burst(lobe_part, attack_s=take.between(0.02, 0.25), decay_s=lobe_part.duration_s)
        dark_hz = take.pitch(110, 450) / (1 + delay_s / 4)
        outline = {20: -6, 45: 0, dark_hz: -1, dark_hz * 3: -18, dark_hz * 12: -46, 15000: -70}
        rumble = restless_noise(lobe_part, outline, depth_db=5, changes_per_s=16)
        add(rolling, rumble * swell, delay_s, take.between(0.4, 1.0) / (1 + 0.3 * delay_s))
    crack = noise_burst(take, 60, 300 + 900 * near, decay_s=take.between(0.3, 1.0), attack_s=0.004)
    add(rolling, crack, 0.0, 0.6 * near)
    return rolling * burst(part, attack_s=0.01, decay_s=1.5 * part.duration_s)


def fire(take: Take) -> Signal:
    """Crackles of every size, a pop of resin now and then, over a soft flutter of flames."""
    flames = restless_noise(
        take,
        {30: -2, 80: 0, 160: -4, 320: -14, 640: -19, 2500: -20, 14000: -29},
        depth_db=4,
        changes_per_s=9,
    )
    flames *= wander(take, 0.4, 1.0, changes_per_s=6.0)
    crackles = take.silence()
    for at_s in scattered(take, take.pitch(10, 45)):
        size = min(6.0, 0.25 * float(take.rng.pareto(1.3)) + 0.05)
        centre_hz = take.pitch(700, 9000) / (1 + 0.2 * size)
        snap = noise_burst(
            take, centre_hz / 2, centre_hz * 1.6, decay_s=take.pitch(0.006, 0.04), attack_s=0.0004
        )
        add(crackles, snap, float(at_s), size)
    for at_s in scattered(take, take.between(0.5, 2.0)):
        pop = ring([Partial(take.pitch(250, 900), 1.0, take.between(0.03, 0.08))])
        add(crackles, pop, float(at_s), take.between(0.5, 3.0))
    crackles = room(take, crackles, decay_s=take.between(0.1, 0.4), wet=0.15)
    return crackles + flames * take.pitch(0.03, 0.5)


def fireworks(take: Take) -> Signal:
    """Rockets: a whistle going up, a bang, the sky crackling, echoes from the houses."""
    night = take.silence()
    for at_s in steps(take, take.between(0.9, 2.2), jitter=0.4, first_s=take.between(0.03, 0.2)):
        if take.chance(0.35):
            add(night, _rocket(take), at_s, take.between(0.05, 0.15))
        bang_s = at_s + (take.between(0.3, 0.8) if take.chance(0.3) else 0.0)
        near = take.between(0.3, 1.0)
        bang = noise_burst(take, 45, 300 + 900 * near, decay_s=take.between(0.25, 0.6))
        add(night, bang, bang_s, near)
        if take.chance(0.5):
            add(night, _sparks(take), bang_s + take.between(0.1, 0.4), near * 0.8)
    return room(
        take, night, decay_s=take.between(0.8, 2.2), wet=take.between(0.2, 0.5), dark_hz=1500
    )


def _rocket(take: Take) -> Signal:
    """The whistle of a rising rocket."""
    part = take.lasting(take.between(0.5, 1.0))
    pitch_hz = take.pitch(1400, 2800) * breakpoints(part, {0: 1.0, 1: take.between(1.2, 1.7)})
    envelope = breakpoints(part, {0: 0, 0.3: 1, 0.9: 0.8, 1: 0})
    return envelope * (sine(pitch_hz) + moving_noise(part, pitch_hz, width_hz=300))


def _sparks(take: Take) -> Signal:
    """Dozens of small crackles that thin out."""
    part = take.lasting(take.between(0.6, 1.4))
    sparks = part.silence()
    for at_s in scattered(part, take.between(40, 110)):
        low_hz = take.pitch(600, 2500)
        snap = noise_burst(take, low_hz, 4 * low_hz, decay_s=take.pitch(0.008, 0.03))
        add(sparks, snap, float(at_s), take.between(0.1, 0.6))
    return sparks * breakpoints(part, {0: 0.3, 0.2: 1, 1: 0})
