"""Tones have the pitch, the partials and the decay that were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take
from tokenalign.soundscapes.tones import Formant, Partial, ring, sine, turns, voice, wave


def amplitude_at(signal: Signal, frequency_hz: float) -> float:
    """Amplitude of a sine in a signal of whole periods."""
    times_s = np.arange(len(signal)) / CORE_RATE_HZ
    return float(2 * np.abs(np.mean(signal * np.exp(-2j * np.pi * frequency_hz * times_s))))


def test_a_sine_of_steady_frequency() -> None:
    assert amplitude_at(sine(np.full(CORE_RATE_HZ, 440.0)), 440.0) == pytest.approx(1.0, abs=1e-3)


def test_a_wave_has_the_harmonics_it_was_given() -> None:
    tone = wave(turns(np.full(CORE_RATE_HZ, 500.0)), [1.0, 0.0, 0.5])
    first, second, third = (amplitude_at(tone, h * 500.0) for h in (1, 2, 3))
    assert np.abs(tone).max() == pytest.approx(1.0, abs=1e-3)
    assert second == pytest.approx(0.0, abs=1e-3)
    assert third / first == pytest.approx(0.5, abs=1e-3)


def test_a_ringing_body_decays_by_60_db_and_starts_at_zero() -> None:
    body = ring([Partial(1000.0, 1.0, 0.5)])
    assert body[0] == 0.0
    assert len(body) == CORE_RATE_HZ // 2
    assert np.abs(body[:32]).max() / np.abs(body[-32:]).max() == pytest.approx(1000, rel=0.15)


def test_modes_beyond_hearing_of_the_rate_are_left_out() -> None:
    assert np.abs(ring([Partial(15900.0, 1.0, 0.5)])).max() == 0.0


def test_ringing_is_cut_at_the_longest_time() -> None:
    assert len(ring([Partial(100.0, 1.0, 9.0)], longest_s=2.0)) == 2 * CORE_RATE_HZ


def test_a_voice_is_loudest_at_its_formant_and_has_only_harmonics() -> None:
    take = Take(np.random.default_rng(0), CORE_RATE_HZ)
    call = voice(take, np.full(CORE_RATE_HZ, 200.0), [Formant(1000.0, 100.0, 1.0)], tilt=0.0)
    levels = {f: amplitude_at(call, float(f)) for f in (200, 800, 1000, 1200, 3000)}
    assert max(levels, key=lambda f: levels[f]) == 1000
    assert levels[1000] / levels[1200] == pytest.approx(np.sqrt(17), rel=0.01)
    assert amplitude_at(call, 900.0) == pytest.approx(0.0, abs=1e-3)
