"""Scenes: the truth about times is what can be measured in the samples."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.soundscapes import KINDS, Placement, mix_scene
from tokenalign.soundscapes.scenes import sounding_part


def level_db(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """RMS of each 10 ms in dB."""
    frame = sample_rate // 100
    whole = samples[: len(samples) // frame * frame].astype(np.float64).reshape(-1, frame)
    return np.asarray(10 * np.log10((whole**2).mean(axis=1) + 1e-20))


@pytest.mark.parametrize("kind", KINDS)
def test_event_times_are_those_of_the_sounding_part(kind: str) -> None:
    scene = mix_scene([Placement(kind, 1.0, 2.0)], seed=11, duration_s=4.0)
    (event,) = scene.events
    level = level_db(scene.samples, 32000)
    heard = np.flatnonzero(level > max(level.max() - 40, -66))
    assert event.start_s == 1.0
    assert event.end_s <= 3.0
    assert heard[0] / 100 == pytest.approx(event.start_s, abs=0.05)
    assert (heard[-1] + 1) / 100 == pytest.approx(event.end_s, abs=0.05)


def test_a_sounding_part_by_hand() -> None:
    signal = np.concatenate((np.full(640, 0.015), np.ones(320), np.full(320, 0.016), np.zeros(9)))
    assert sounding_part(signal) == slice(640, 1280)


def test_events_are_about_equally_loud() -> None:
    placements = [Placement(kind, 2.5 * n, 2.0) for n, kind in enumerate(("rain", "siren", "wind"))]
    scene = mix_scene(placements, seed=2, duration_s=7.5)
    levels = [
        level_db(scene.samples[int(e.start_s * 32000) : int(e.end_s * 32000)], 32000).max()
        for e in scene.events
    ]
    assert max(levels) - min(levels) < 12


def test_a_scene_repeats_by_seed_and_comes_in_order_of_time() -> None:
    placements = [Placement("siren", 3.0, 1.0), Placement("frog", 0.5, 1.0)]
    first, again = (mix_scene(placements, seed=9, duration_s=5.0) for _ in range(2))
    other = mix_scene(placements, seed=10, duration_s=5.0)
    assert np.array_equal(first.samples, again.samples)
    assert first.events == again.events
    assert not np.array_equal(first.samples, other.samples)
    assert [event.kind for event in first.events] == ["frog", "siren"]
    assert all(event.text in KINDS[event.kind].wordings for event in first.events)


@pytest.mark.parametrize(("sample_rate", "channels"), [(16000, 1), (44100, 2), (48000, 6)])
def test_shapes_rates_and_peaks(sample_rate: int, channels: int) -> None:
    placements = [Placement("rain", 0.2, 1.0), Placement("thunder", 0.4, 1.0)]
    scene = mix_scene(
        placements, seed=1, duration_s=1.5, sample_rate=sample_rate, channels=channels
    )
    count = round(1.5 * sample_rate)
    assert scene.samples.shape == ((count,) if channels == 1 else (count, channels))
    assert scene.samples.dtype == np.float32
    assert np.abs(scene.samples).max() <= 0.9 + 1e-6


def test_a_sound_stands_between_two_neighbouring_channels() -> None:
    scene = mix_scene([Placement("siren", 0.0, 1.0)], seed=4, duration_s=1.0, channels=6)
    loud = np.flatnonzero((scene.samples**2).mean(axis=0) > 1e-5)
    assert 1 <= len(loud) <= 2
    assert loud[-1] - loud[0] <= 1


def test_what_reaches_past_the_scene_ends_with_it() -> None:
    scene = mix_scene([Placement("rain", 1.0, 9.0)], seed=1, duration_s=2.0)
    assert scene.events[0].end_s <= 2.0
    assert abs(float(scene.samples[-1])) < 0.01
