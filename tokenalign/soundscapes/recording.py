"""What a recording adds to a sound: the room, the colour of the microphone, a little noise."""

from __future__ import annotations

import numpy as np

from tokenalign.soundscapes.curves import burst
from tokenalign.soundscapes.noise import fast_length, filtered, noise
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take

FRAME_SAMPLES = CORE_RATE_HZ // 100
FLOOR_DB = -44.0
"""The loudest that a recording's noise may be, against the loudest 10 ms of the sound."""

COLOUR_POINTS_HZ = np.geomspace(60.0, 15000.0, 14)


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
    spectrum = np.fft.rfft(dry.astype(np.float32), length)
    spectrum *= np.fft.rfft(response.astype(np.float32), length)
    echo = np.fft.irfft(spectrum, length)[: len(dry)].astype(np.float64)
    scale = np.sqrt(np.mean(dry**2) / (np.mean(echo**2) + 1e-20))
    return np.asarray(dry + wet * scale * echo)


def recorded(take: Take, dry: Signal) -> Signal:
    """A sound as a microphone somewhere heard it, [S].

    The colour is a random outline of a few decibels with a random tilt. The noise stays so far
    under the loudest moment that the sound's beginning and end can still be measured.
    """
    tilt_db = take.between(-2.2, 2.2)
    bumps_db = take.rng.normal(0.0, take.between(1.0, 5.0), len(COLOUR_POINTS_HZ))
    octaves = np.log2(COLOUR_POINTS_HZ / 1000.0)
    dull_db = np.minimum(0.0, take.between(2.0, 4.5) - octaves) * take.between(0.0, 9.0)
    colour_db = bumps_db + tilt_db * octaves + dull_db
    heard = filtered(dry, dict(zip(COLOUR_POINTS_HZ.tolist(), colour_db.tolist(), strict=True)))
    hiss_db = take.between(-24, -4)
    background = noise(take, {40: 0, 120: -6, 500: -14, 3000: hiss_db - 6, 14000: hiss_db})
    loudest = float(np.sqrt(frame_power(heard).max()))
    return heard + loudest * 10 ** (take.between(-68, FLOOR_DB) / 20) * background


def frame_power(signal: Signal) -> Signal:
    """Mean power of each 10 ms, [frames]; the last one may be shorter."""
    starts = np.arange(0, len(signal), FRAME_SAMPLES)
    return np.asarray(np.add.reduceat(signal**2, starts) / np.diff(starts, append=len(signal)))


def unit(signal: Signal) -> Signal:
    """A signal scaled to a peak of 1 (silence stays silence)."""
    return np.asarray(signal / (np.abs(signal).max() + 1e-12))


def edges_faded(signal: Signal, fade_s: float) -> Signal:
    """Raised-cosine fades at both ends, so that nothing clicks."""
    count = min(round(fade_s * CORE_RATE_HZ), len(signal) // 2)
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))
    faded = signal.copy()
    faded[:count] *= rise
    faded[len(signal) - count :] *= rise[::-1]
    return faded
