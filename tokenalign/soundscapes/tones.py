"""Tones: wavetables, ringing bodies (modal synthesis), and voices (source and filter)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tokenalign.soundscapes.curves import CONTROL_SAMPLES
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take

TABLE_SIZE = 2048


@dataclass(frozen=True)
class Partial:
    """One mode of a ringing body; it falls by 60 dB in ``decay_s``."""

    frequency_hz: float
    amplitude: float
    decay_s: float


@dataclass(frozen=True)
class Formant:
    """A resonance of a throat; the centre may be one value or a curve [S]."""

    centre_hz: float | Signal
    width_hz: float
    amplitude: float


def turns(frequency_hz: Signal) -> Signal:
    """Phase of an oscillator in whole turns, [S], for its frequency at each sample."""
    return np.cumsum(frequency_hz) / CORE_RATE_HZ


def sine(frequency_hz: Signal) -> Signal:
    """A sine of moving frequency, [S]."""
    return np.sin(2 * np.pi * turns(frequency_hz))


def wave(phase_turns: Signal, amplitudes: Sequence[float]) -> Signal:
    """A periodic wave of the given harmonics, [S], peak 1.

    Args:
        phase_turns: [S], one period a turn.
        amplitudes: of harmonics 1, 2, 3, ...; the caller keeps them under half the sample rate.
    """
    spectrum = np.zeros(TABLE_SIZE // 2 + 1, dtype=np.complex128)
    spectrum[1 : 1 + len(amplitudes)] = -1j * np.asarray(amplitudes)
    table = np.fft.irfft(spectrum, TABLE_SIZE)
    table = np.append(table, table[0]) / float(np.abs(table).max())
    position = np.mod(phase_turns, 1.0) * TABLE_SIZE
    return np.asarray(np.interp(position, np.arange(TABLE_SIZE + 1), table))


def ring(partials: Iterable[Partial], longest_s: float = 20.0) -> Signal:
    """A struck body: its modes, each decaying at its own pace, all starting at zero.

    Modes above 95 % of half the sample rate are left out.
    """
    heard = [p for p in partials if p.frequency_hz < 0.475 * CORE_RATE_HZ]
    length_s = min(longest_s, max((p.decay_s for p in heard), default=0.001))
    total = np.zeros(max(1, round(length_s * CORE_RATE_HZ)))
    for partial in heard:
        sounding = min(len(total), round(partial.decay_s * CORE_RATE_HZ))
        times_s = np.arange(sounding) / CORE_RATE_HZ
        decay = np.exp(times_s * (-np.log(1000.0) / partial.decay_s))
        total[:sounding] += (
            partial.amplitude * decay * np.sin(2 * np.pi * partial.frequency_hz * times_s)
        )
    return total


def voice(
    take: Take,
    pitch_hz: Signal,
    formants: Sequence[Formant],
    *,
    tilt: float = 1.0,
    highest_hz: float = 11000.0,
) -> Signal:
    """Harmonics of a pitch under the resonances of a throat, [S], peak about 1.

    Args:
        take: gives the length.
        pitch_hz: [S].
        formants: resonances, each with the outline of a one-pole resonator.
        tilt: harmonic h leaves the vocal folds with amplitude h^-tilt.
        highest_hz: harmonics above are left out.
    """
    phase = 2 * np.pi * turns(pitch_hz)
    controls = np.arange(0, take.sample_count + CONTROL_SAMPLES, CONTROL_SAMPLES)
    everywhere = np.arange(take.sample_count)
    pitch = pitch_hz[np.minimum(controls, take.sample_count - 1)]
    centres = [
        np.broadcast_to(np.asarray(f.centre_hz), (take.sample_count,))[
            np.minimum(controls, take.sample_count - 1)
        ]
        for f in formants
    ]
    total = take.silence()
    for harmonic in range(1, int(highest_hz / float(pitch_hz.min())) + 1):
        frequency = harmonic * pitch
        gain = np.zeros(len(controls))
        for formant, centre in zip(formants, centres, strict=True):
            detuning = (frequency - centre) / (formant.width_hz / 2)
            gain += formant.amplitude / np.sqrt(1 + detuning**2)
        gain *= harmonic**-tilt * (frequency < highest_hz)
        total += np.interp(everywhere, controls, gain) * np.sin(harmonic * phase)
    return np.asarray(total / (np.abs(total).max() + 1e-12))
