"""Facts about sounds that can be measured: where the energy lies, how often, how high."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.soundscapes import render

RATE_HZ = 32000
SEEDS = range(4)


def energy_share(kind: str, seed: int, low_hz: float, high_hz: float) -> float:
    """Share of a sound's energy within a band."""
    power = np.abs(np.fft.rfft(render(kind, seed=seed, duration_s=4.0))) ** 2
    frequencies_hz = np.fft.rfftfreq(4 * RATE_HZ, 1 / RATE_HZ)
    inside = (frequencies_hz >= low_hz) & (frequencies_hz < high_hz)
    return float(power[inside].sum() / power.sum())


def envelope(kind: str, seed: int, duration_s: float) -> NDArray[np.float64]:
    """Level every 2 ms."""
    sound = render(kind, seed=seed, duration_s=duration_s).astype(np.float64)
    return np.asarray(np.sqrt((sound.reshape(-1, 64) ** 2).mean(axis=1)))


def strongest_rate_hz(kind: str, seed: int, low_hz: float, high_hz: float) -> float:
    """The rate between two bounds at which a sound's level pulses most."""
    level = envelope(kind, seed, 8.0)
    pulses = np.abs(np.fft.rfft(level - level.mean()))
    rates_hz = np.fft.rfftfreq(len(level), 0.002)
    inside = np.flatnonzero((rates_hz >= low_hz) & (rates_hz <= high_hz))
    return float(rates_hz[inside[pulses[inside].argmax()]])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("kind", "low_hz", "high_hz", "least"),
    [
        ("crickets", 2000, 16000, 0.7),
        ("chirping_birds", 1500, 9000, 0.9),
        ("glass_breaking", 1000, 16000, 0.6),
        ("thunder", 0, 500, 0.9),
        ("wind", 0, 2000, 0.9),
        ("cow_moo", 80, 2000, 0.8),
        ("owl_hoot", 200, 1000, 0.9),
        ("engine", 0, 1500, 0.7),
        ("airplane", 0, 2000, 0.8),
        ("door_knock", 60, 2000, 0.8),
        ("crow_caw", 500, 5000, 0.8),
    ],
)
def test_energy_lies_where_the_sound_lives(
    kind: str, low_hz: float, high_hz: float, least: float, seed: int
) -> None:
    assert energy_share(kind, seed, low_hz, high_hz) > least


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clock_ticks_evenly_at_a_rate_that_clocks_have(seed: int) -> None:
    level = envelope("clock_tick", seed, 8.0)
    loud = np.flatnonzero(level > 0.25 * level.max()) * 0.002
    onsets_s = loud[np.diff(loud, prepend=-1.0) > 0.1]
    intervals_s = np.diff(onsets_s)
    nearest = min((1.0, 0.5, 0.25, 0.2), key=lambda known: abs(known - np.median(intervals_s)))
    assert intervals_s == pytest.approx(np.full(len(intervals_s), nearest), abs=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_siren_changes_pitch_by_a_third_or_more(seed: int) -> None:
    sound = render("siren", seed=seed, duration_s=5.0)
    frames = np.lib.stride_tricks.sliding_window_view(sound, 4096)[::1600] * np.hanning(4096)
    spectrum = np.abs(np.fft.rfft(frames, axis=1))[:, 51:200]
    pitches_hz = (51 + spectrum.argmax(axis=1)) * RATE_HZ / 4096
    assert np.percentile(pitches_hz, 95) / np.percentile(pitches_hz, 5) > 1.2


@pytest.mark.parametrize("seed", SEEDS)
def test_helicopter_blades_beat_between_9_and_24_a_second(seed: int) -> None:
    level = envelope("helicopter", seed, 8.0)
    rate_hz = strongest_rate_hz("helicopter", seed, 5.0, 60.0)
    assert 9.0 <= rate_hz <= 24.5
    assert level.min() > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_telephone_bell_is_struck_18_to_26_times_a_second(seed: int) -> None:
    beat_hz = strongest_rate_hz("telephone_ring", seed, 15.0, 60.0)
    assert any(18 <= beat_hz / part <= 26 for part in (0.5, 1, 2))


@pytest.mark.parametrize("kind", ["door_knock", "dog_bark", "mouse_click", "clock_tick", "frog"])
def test_events_have_quiet_between_them(kind: str) -> None:
    level = envelope(kind, 2, 8.0)
    assert np.percentile(level, 20) < 0.03 * level.max()


def test_seeds_differ_in_brightness_as_recordings_do() -> None:
    def centroid_hz(seed: int) -> float:
        power = np.abs(np.fft.rfft(render("rain", seed=seed, duration_s=1.0))) ** 2
        return float((np.arange(len(power)) * power).sum() / power.sum())

    centroids_hz = [centroid_hz(seed) for seed in range(12)]
    assert max(centroids_hz) > 1.5 * min(centroids_hz)
