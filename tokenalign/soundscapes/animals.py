"""Animals: insects and frogs by pulses, birds by whistles, the rest by throat and formants."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import breakpoints, steps, wander
from tokenalign.soundscapes.noise import Curve, band, filtered, noise, restless_noise
from tokenalign.soundscapes.recording import room, unit
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take, add
from tokenalign.soundscapes.tones import Formant, sine, turns, voice, wave


def crickets(take: Take) -> Signal:
    """Crickets at night: each sings a pure high tone in chirps of a few pulses."""
    meadow = take.silence()
    for singer in range(take.count(1, 5)):
        add(meadow, _cricket(take), 0.0, 1.0 if singer == 0 else take.between(0.1, 0.6))
    night = restless_noise(
        take,
        {40: 0, 120: -8, 800: -20, 2500: -14, 4500: -4, 7000: -14, 14000: -24},
        depth_db=2,
        changes_per_s=2,
    )
    return meadow + take.pitch(0.01, 0.2) * night


def _cricket(take: Take) -> Signal:
    """One singer: a pulse is one stroke of the wing, a chirp is two to five of them (or no end)."""
    carrier_hz = take.pitch(3200, 6000)
    pulse_s = take.between(0.012, 0.024)
    trilling = take.chance(0.25)
    pulses = 10**6 if trilling else take.count(2, 5)
    chirp_s = take.duration_s if trilling else pulses * pulse_s * 1.6 + take.between(0.12, 0.5)
    part = take.lasting(pulse_s)
    slide = breakpoints(part, {0: 1.03, 1: 0.98})
    pulse = sine(carrier_hz * slide) * np.sin(np.pi * part.times_s / pulse_s) ** 1.5
    song = take.silence()
    for at_s in steps(take, chirp_s, jitter=0.0 if trilling else 0.04, first_s=0.03):
        for number in range(pulses):
            pulse_at_s = at_s + number * pulse_s * 1.6
            if pulse_at_s > take.duration_s:
                break
            add(song, pulse, pulse_at_s, 1.0 if trilling else 0.6 + 0.4 * min(1, number / 2))
    return song


def chirping_birds(take: Take) -> Signal:
    """Birds in a garden: each repeats a motif of whistled syllables of its own."""
    garden = take.silence()
    for bird in range(take.count(1, 4)):
        motif = _motif(take)
        gain = 1.0 if bird == 0 else take.between(0.1, 0.5)
        pause_s = take.between(0.25, 1.2)
        first_s = 0.03 if bird == 0 else take.between(0.1, 1.5)
        for at_s in steps(take, len(motif) / CORE_RATE_HZ + pause_s, jitter=0.25, first_s=first_s):
            add(garden, motif, at_s, gain * take.between(0.7, 1.0))
    leaves = noise(take, {100: -6, 500: -8, 3000: -14, 12000: -24}) * 0.01
    return room(take, garden, decay_s=take.between(0.3, 1.2), wet=take.between(0.1, 0.35)) + leaves


def _motif(take: Take) -> Signal:
    """Two to eight syllables from a repertoire of two or three."""
    home_hz = take.pitch(2200, 5200)
    repertoire = [_syllable(take, home_hz * take.pitch(0.8, 1.4)) for _ in range(take.count(2, 3))]
    gap_s = take.between(0.02, 0.12)
    count = take.count(2, 8)
    motif = take.lasting(count * (0.25 + gap_s) + 0.05).silence()
    at_s = 0.0
    for _ in range(count):
        syllable = repertoire[take.count(0, len(repertoire) - 1)]
        add(motif, syllable, at_s, take.between(0.7, 1.0))
        at_s += len(syllable) / CORE_RATE_HZ + gap_s
    return motif[: round((at_s + 0.02) * CORE_RATE_HZ)]


def _syllable(take: Take, pitch_hz: float) -> Signal:
    """A whistle that slides, arches or trills."""
    part = take.lasting(take.pitch(0.04, 0.22))
    start, middle, end = (take.pitch(0.75, 1.35) for _ in range(3))
    glide = breakpoints(part, {0: start, take.between(0.3, 0.7): middle, 1: end})
    trill = 1 + take.pick((0.0, 0.0, 0.06, 0.12)) * np.sin(
        2 * np.pi * take.between(18, 45) * part.times_s
    )
    envelope = np.sin(np.pi * part.times_s / part.duration_s) ** 0.8
    return envelope * wave(turns(pitch_hz * glide * trill), [1.0, take.between(0.0, 0.15)])


def dog_bark(take: Take) -> Signal:
    """Barks, one by one or in a row: a rough voice that jumps up and falls within 0.2 s."""
    yard = take.silence()
    size = take.pitch(0.7, 1.5)
    at_s = take.between(0.03, 0.15)
    while at_s < take.duration_s:
        for _ in range(take.count(1, 4)):
            bark = _bark(take, size)
            add(yard, bark, at_s, take.between(0.7, 1.0))
            at_s += len(bark) / CORE_RATE_HZ + take.between(0.08, 0.3)
        at_s += take.between(0.3, 1.0)
    return room(take, yard, decay_s=take.pitch(0.2, 1.2), wet=take.between(0.1, 0.35))


def _bark(take: Take, size: float) -> Signal:
    """One bark; small dogs (size < 1) are higher."""
    part = take.lasting(take.between(0.12, 0.24) * size**0.5)
    pitch_hz = 420 / size * take.between(0.9, 1.1)
    glide = breakpoints(part, {0: 0.7, 0.25: 1.25, 0.6: 1.1, 1: 0.6})
    rough = 1 + 0.05 * noise(part, band(30, 90))
    formants = [
        Formant(700 / size * breakpoints(part, {0: 0.6, 0.3: 1.3, 1: 0.7}), 350, 1.0),
        Formant(1500 / size**0.5, 500, 0.8),
        Formant(2900 / size**0.5, 900, 0.4),
    ]
    body = voice(take=part, pitch_hz=pitch_hz * glide * rough, formants=formants, tilt=0.5)
    breath = unit(noise(part, {300: -18, 900 / size: 0, 2500: -4, 7000: -14, 14000: -30}))
    envelope = breakpoints(part, {0: 0, 0.1: 1, 0.45: 0.8, 1: 0})
    return envelope * (body + take.between(0.15, 0.4) * breath)


def cat_meow(take: Take) -> Signal:
    """Meows: the mouth opens and closes over a pitch that rises and falls."""
    house = take.silence()
    size = take.pitch(0.8, 1.2)
    for at_s in steps(take, take.between(1.3, 2.4), jitter=0.15, first_s=take.between(0.03, 0.2)):
        part = take.lasting(take.between(0.5, 1.1))
        arch = breakpoints(part, {0: 0.8, 0.25: 1.15, 0.6: 1.1, 1: take.between(0.65, 0.85)})
        mouth = breakpoints(part, {0: 0.5, 0.35: 1.25, 0.7: 1.0, 1: 0.55})
        shake = wander(part, 0.985, 1.015, changes_per_s=25)
        pitch_hz = take.pitch(430, 800) / size * arch * shake
        formants = [
            Formant(1000 / size * mouth, 260, 1.0),
            Formant(2000 / size * mouth**0.7, 400, 0.9),
            Formant(3900 / size, 700, 0.35),
        ]
        call = voice(part, pitch_hz, formants, tilt=0.4, highest_hz=14000)
        breath = 0.05 * noise(part, band(1500, 6000))
        envelope = breakpoints(part, {0: 0, 0.12: 0.8, 0.4: 1.0, 0.75: 0.6, 1: 0})
        add(house, envelope * (call + breath), at_s, take.between(0.7, 1.0))
    return room(take, house, decay_s=take.between(0.2, 0.7), wet=0.2)


def cow_moo(take: Take) -> Signal:
    """Moos: a low chest voice that opens from a hum and breaks upwards."""
    field = take.silence()
    size = take.pitch(0.85, 1.25)
    for at_s in steps(take, take.between(2.4, 4.0), jitter=0.15, first_s=take.between(0.03, 0.3)):
        part = take.lasting(take.between(1.2, 2.3))
        arch = breakpoints(part, {0: 0.75, 0.3: 1.0, 0.7: 1.08, 1: 0.8})
        rough = 1 + 0.02 * noise(part, band(20, 60))
        pitch_hz = take.between(105, 170) / size * arch * rough
        mouth = breakpoints(part, {0: 0.5, 0.35: 1.0, 0.8: 1.0, 1: 0.6})
        formants = [
            Formant(330 / size, 140, 0.8),
            Formant(780 / size * mouth, 220, 1.0),
            Formant(1500 / size * mouth, 400, 0.5),
            Formant(2600 / size, 600, 0.25),
        ]
        call = voice(part, pitch_hz, formants, tilt=0.8, highest_hz=10000)
        envelope = breakpoints(part, {0: 0, 0.15: 0.5, 0.4: 1.0, 0.85: 0.8, 1: 0})
        breath = 0.02 * noise(part, {200: 0, 2000: -12, 10000: -24})
        add(field, envelope * (call + breath), at_s, take.between(0.7, 1.0))
    return room(take, field, decay_s=take.between(0.5, 1.8), wet=0.25)


def crow_caw(take: Take) -> Signal:
    """Caws in twos to fours: a harsh, noisy voice with a flat pitch."""
    sky = take.silence()
    size = take.pitch(0.85, 1.2)
    at_s = take.between(0.03, 0.15)
    while at_s < take.duration_s:
        for _ in range(take.count(2, 4)):
            caw = _caw(take, size)
            add(sky, caw, at_s, take.between(0.7, 1.0))
            at_s += len(caw) / CORE_RATE_HZ + take.between(0.12, 0.35)
        at_s += take.between(0.5, 1.2)
    return room(take, sky, decay_s=take.between(0.5, 1.8), wet=take.between(0.15, 0.4))


def _caw(take: Take, size: float) -> Signal:
    """One caw; a growl at a fraction of the pitch makes it hoarse."""
    part = take.lasting(take.between(0.22, 0.42))
    arch = breakpoints(part, {0: 0.85, 0.2: 1.05, 1: 0.85})
    pitch_hz = take.pitch(400, 580) / size * arch
    hoarse = 1 + 0.05 * noise(part, band(40, 140))
    growl = 1 + take.between(0.1, 0.5) * np.sin(np.pi * turns(pitch_hz))
    formants = [
        Formant(1150 / size, 450, 1.0),
        Formant(1900 / size, 500, 0.9),
        Formant(3300 / size, 900, 0.4),
    ]
    call = voice(part, pitch_hz * hoarse, formants, tilt=0.2, highest_hz=9000)
    rasp = filtered(noise(part, band(900, 4500)), {900: 0, 1500 / size: 4, 5000: -10})
    envelope = breakpoints(part, {0: 0, 0.12: 1, 0.7: 0.8, 1: 0})
    caw = growl * call + take.between(0.1, 0.3) * rasp
    return envelope * filtered(caw, {400: -18, 1000 / size: 0, 2500: 0, 6000: -9, 14000: -24})


def frog(take: Take) -> Signal:
    """Croaks: trains of pulses at a throat's resonance, rising in two parts or creaking on."""
    pond = take.silence()
    throat_hz = take.pitch(1000, 2900)
    pulses_per_s = take.pitch(30, 140)
    croak_s = take.between(0.12, 0.6)
    pause_s = take.between(0.2, 1.4)
    for at_s in steps(take, croak_s + pause_s, jitter=0.08, first_s=take.between(0.03, 0.15)):
        part = take.lasting(croak_s)
        rise = breakpoints(part, {0: 0.9, 0.5: 1.0, 1: 1.12})
        pulses = np.mod(turns(pulses_per_s * rise), 1.0)
        tone = sine(throat_hz * rise) + take.between(0.0, 0.3) * sine(0.5 * throat_hz * rise)
        breath = noise(part, band(throat_hz / 1.2, 1.4 * throat_hz))
        shut = np.minimum(1.0, 15 * pulses) * np.exp(-take.between(1.5, 4) * pulses)
        croak = shut * (tone + take.between(0.2, 0.8) * breath)
        envelope = breakpoints(part, {0: 0, 0.1: 0.7, 0.5: 0.8, 0.9: 1.0, 1: 0})
        add(pond, envelope * croak, at_s, take.between(0.7, 1.0))
    return room(take, pond, decay_s=take.between(0.2, 0.8), wet=0.2)


def fly_buzz(take: Take) -> Signal:
    """A fly or a bee: a buzzing wing beat that comes near, turns, bumps, and goes."""
    wings_hz = take.pitch(130, 260) * wander(take, 0.88, 1.14, changes_per_s=take.between(2, 7))
    near = wander(take, 0.1, 1.0, changes_per_s=take.between(1.5, 6.0)) ** 2
    harmonics = [take.between(0.2, 1.0) / h**0.5 for h in range(1, 60)]
    flutter = 1 + take.between(0.05, 0.3) * noise(take, band(5, 60))
    wings: Curve = {100: -6, 200: 0, 800: -6, 2500: -12, 9000: -20}
    buzz = unit(filtered(wave(turns(wings_hz), harmonics), wings))
    air = restless_noise(
        take, {60: 0, 300: -4, 1200: -12, 5000: -20, 14000: -26}, depth_db=4, changes_per_s=8
    )
    return buzz * flutter * near + take.pitch(0.01, 0.05) * (0.3 + near) * air


def owl_hoot(take: Take) -> Signal:
    """Hoots at night: a soft, round, low call in a rhythm of short and long."""
    wood = take.silence()
    pitch_hz = take.pitch(300, 480)
    rhythm = [take.between(0.18, 0.5) for _ in range(take.count(2, 5))]
    at_s = take.between(0.05, 0.2)
    while at_s < take.duration_s:
        for length_s in rhythm:
            part = take.lasting(length_s)
            bend = breakpoints(part, {0: 0.92, 0.3: 1.0, 0.8: 0.99, 1: 0.93})
            hoot = wave(turns(pitch_hz * bend), [1.0, 0.12, 0.05])
            breath = 0.04 * noise(part, band(300, 900))
            add(wood, (hoot + breath) * np.sin(np.pi * part.times_s / length_s) ** 0.7, at_s)
            at_s += length_s + take.between(0.1, 0.25)
        at_s += take.between(1.0, 2.5)
    return room(take, wood, decay_s=take.between(1.0, 2.5), wet=0.35)
