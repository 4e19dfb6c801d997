"""Noise has the spectrum that was drawn, filters have the gains that were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.soundscapes.noise import (
    LOOP_SAMPLES,
    Curve,
    band,
    fast_length,
    filtered,
    gains,
    moving_noise,
    noise,
    noise_burst,
    restless_noise,
)
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take


def take_of(duration_s: float, seed: int = 0) -> Take:
    return Take(np.random.default_rng(seed), round(duration_s * CORE_RATE_HZ))


def power_between(signal: Signal, low_hz: float, high_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(signal)) ** 2
    frequencies_hz = np.fft.rfftfreq(len(signal), 1 / CORE_RATE_HZ)
    return float(spectrum[(frequencies_hz >= low_hz) & (frequencies_hz < high_hz)].sum())


def test_a_curve_is_a_straight_line_over_log_frequency() -> None:
    gain = gains({100: 0, 400: -20}, np.array([50.0, 100.0, 200.0, 400.0, 9000.0]))
    assert 20 * np.log10(gain) == pytest.approx([0, 0, -10, -20, -20])


def test_a_curve_falls_to_nothing_under_the_lowest_frequency() -> None:
    assert gains({100: 0}, np.array([0.0, 10.0])) == pytest.approx([0.0, 0.25])


@pytest.mark.parametrize("least", [1, 7, 8, 9, 160_000, 65_537])
def test_fft_lengths_are_even_quick_and_hardly_longer(least: int) -> None:
    length = fast_length(least)
    assert length % 2 == 0
    assert least <= length <= max(8, 1.25 * least)
    while length % 2 == 0:
        length //= 2
    assert length in (1, 3, 5, 7)


def test_noise_has_unit_rms_and_the_drawn_slope() -> None:
    sound = noise(take_of(4), {100: 0, 10000: -40})
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(1.0, rel=0.05)
    one_decade_db = 10 * np.log10(power_between(sound, 280, 320) / power_between(sound, 2980, 3020))
    assert one_decade_db == pytest.approx(20, abs=2.5)


def test_noise_is_never_silent_however_short() -> None:
    assert np.abs(noise(take_of(0.0001), {500: 0})).max() > 0


def test_long_noise_repeats_without_a_seam() -> None:
    sound = noise(Take(np.random.default_rng(1), LOOP_SAMPLES + 1000), {40: 0, 200: -30})
    assert sound[LOOP_SAMPLES:] == pytest.approx(sound[:1000])
    steps = np.abs(np.diff(sound))
    assert steps[LOOP_SAMPLES - 1] <= steps[: LOOP_SAMPLES - 1].max()


def test_a_filter_has_the_asked_gain_and_no_delay() -> None:
    times_s = np.arange(CORE_RATE_HZ) / CORE_RATE_HZ
    tone = np.sin(2 * np.pi * 1000 * times_s)
    half = filtered(tone, {100: -6.0206, 8000: -6.0206})
    assert half[4000:-4000] == pytest.approx(0.5 * tone[4000:-4000], abs=1e-3)


def test_a_band_keeps_what_lies_inside() -> None:
    sound = noise(take_of(2), band(1000, 2000))
    assert power_between(sound, 700, 2900) > 0.9 * power_between(sound, 0, 16000)


def test_moving_noise_follows_its_centre() -> None:
    take = take_of(2)
    sound = moving_noise(take, np.linspace(1000, 4000, take.sample_count), width_hz=60)
    first, last = sound[:6400], sound[-6400:]
    assert power_between(first, 800, 1600) > 0.9 * power_between(first, 0, 16000)
    assert power_between(last, 3400, 4300) > 0.9 * power_between(last, 0, 16000)


def test_restless_noise_moves_by_register_and_keeps_the_spectrum_when_it_rests() -> None:
    curve: Curve = {50: 0, 12000: -20}
    resting = restless_noise(take_of(1), curve, depth_db=0.0, changes_per_s=5)
    assert resting == pytest.approx(noise(take_of(1), curve), abs=1e-4)
    moving = restless_noise(take_of(8), curve, depth_db=12.0, changes_per_s=2).reshape(-1, 8000)
    low_db, high_db = (
        [10 * np.log10(power_between(part, *edges)) for part in moving]
        for edges in ((50, 120), (6000, 14000))
    )
    assert np.std(high_db) > 2.0
    assert abs(np.corrcoef(low_db, high_db)[0, 1]) < 0.7


def test_a_burst_has_fallen_by_60_db_when_it_ends() -> None:
    burst = noise_burst(take_of(1), 500, 4000, decay_s=0.2)
    assert len(burst) == round(0.201 * CORE_RATE_HZ)
    start, end = np.sqrt(np.mean(burst[32:672] ** 2)), np.sqrt(np.mean(burst[-640:] ** 2))
    assert 20 * np.log10(start / end) == pytest.approx(54, abs=5)
