"""Test scenes: as many as the protocol says, with exact times and levels, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from trainer.evaluation.scenes import (
    SAMPLE_RATE,
    Counts,
    TestScene,
    draw_scenes,
    loader,
    together,
)
from trainer.recordings import Recording
from trainer.scenes import Arrangement

LEVEL = 0.1
QUIET = 0.01
"""Above the noise, under every sound."""

DURATIONS_S = {"bell": 0.5, "cat": 1.0, "dog": 9.0, "rain": 2.0}


def constant(duration_s: float) -> Callable[[], NDArray[np.float32]]:
    """A sound whose every sample is `LEVEL`: where it is can be read off."""
    return lambda: np.full(round(duration_s * SAMPLE_RATE), LEVEL, np.float32)


SOUNDS = {label: [constant(duration_s)] for label, duration_s in DURATIONS_S.items()}


@pytest.fixture(scope="module")
def scenes() -> list[TestScene]:
    return draw_scenes(SOUNDS, Counts(single=6, pairs=8, overlap=8), seed=1)


def of(scenes: list[TestScene], arrangement: Arrangement) -> list[TestScene]:
    return [scene for scene in scenes if scene.arrangement is arrangement]


def test_as_many_scenes_as_counted_and_pairs_in_both_orders(scenes: list[TestScene]) -> None:
    single, sequence, overlap = (
        of(scenes, arrangement)
        for arrangement in (Arrangement.SINGLE, Arrangement.SEQUENCE, Arrangement.OVERLAP)
    )

    assert (len(single), len(sequence), len(overlap)) == (6, 16, 8)
    assert [s.events[0].label for s in single] == ["bell", "cat", "dog", "rain", "bell", "cat"]
    for one, other in zip(sequence[::2], sequence[1::2], strict=True):
        assert one.group == other.group
        assert [e.label for e in one.events] == [e.label for e in other.events][::-1]
    assert len({scene.group for scene in scenes}) == 6 + 8 + 8


def test_the_protocol_has_four_hundred_scenes() -> None:
    counts = Counts()

    assert counts.single + 2 * counts.pairs + counts.overlap == 400


def test_every_scene_lasts_ten_seconds(scenes: list[TestScene]) -> None:
    assert {len(scene.samples) for scene in scenes} == {10 * SAMPLE_RATE}
    assert {scene.samples.dtype for scene in scenes} == {np.dtype(np.float32)}


def test_sounds_are_exactly_where_the_events_say(scenes: list[TestScene]) -> None:
    for scene in scenes:
        expected = np.zeros(len(scene.samples), bool)
        for event in scene.events:
            expected[round(event.start_s * SAMPLE_RATE) : round(event.end_s * SAMPLE_RATE)] = True
        assert ((scene.samples > QUIET) == expected).all()


def test_sounds_are_cut_to_four_seconds_in_pairs_and_five_otherwise(
    scenes: list[TestScene],
) -> None:
    for scene in scenes:
        limit_s = 4.0 if scene.arrangement is Arrangement.SEQUENCE else 5.0
        for event, part in zip(scene.events, scene.parts, strict=True):
            duration_s = min(DURATIONS_S[event.label], limit_s)
            assert event.end_s - event.start_s == pytest.approx(duration_s)
            assert len(part) == round(duration_s * SAMPLE_RATE)


def test_gaps_last_up_to_six_tenths_of_a_second(scenes: list[TestScene]) -> None:
    gaps_s = [
        scene.events[1].start_s - scene.events[0].end_s
        for scene in of(scenes, Arrangement.SEQUENCE)
    ]

    assert min(gaps_s) >= 0.0
    assert 0.3 < max(gaps_s) <= 0.6


def test_the_shorter_lies_within_the_longer_in_an_overlap(scenes: list[TestScene]) -> None:
    for scene in of(scenes, Arrangement.OVERLAP):
        first, second = sorted(scene.events, key=lambda event: event.end_s - event.start_s)
        assert second.start_s <= first.start_s
        assert first.end_s <= second.end_s
        assert scene.events[0].start_s <= scene.events[1].start_s


def test_levels_differ_by_up_to_six_decibels_in_pairs_alone(scenes: list[TestScene]) -> None:
    for scene in of(scenes, Arrangement.SINGLE):
        assert np.abs(scene.parts[0] - LEVEL).max() == 0.0
    differences_db = [
        20 * np.log10(scene.parts[1][0] / scene.parts[0][0])
        for scene in of(scenes, Arrangement.SEQUENCE) + of(scenes, Arrangement.OVERLAP)
    ]
    assert 3.0 < np.abs(differences_db).max() <= 6.0 + 1e-5


def test_both_orders_hold_the_same_sounds_at_the_same_levels(scenes: list[TestScene]) -> None:
    sequence = of(scenes, Arrangement.SEQUENCE)
    for one, other in zip(sequence[::2], sequence[1::2], strict=True):
        for part, same in zip(one.parts, other.parts[::-1], strict=True):
            assert part.tolist() == same.tolist()


def test_the_same_seed_gives_the_same_scenes_and_another_other_ones(
    scenes: list[TestScene],
) -> None:
    again = draw_scenes(SOUNDS, Counts(single=6, pairs=8, overlap=8), seed=1)
    other = draw_scenes(SOUNDS, Counts(single=6, pairs=8, overlap=8), seed=2)

    assert [scene.events for scene in again] == [scene.events for scene in scenes]
    assert all((a.samples == b.samples).all() for a, b in zip(again, scenes, strict=True))
    assert [scene.events for scene in other] != [scene.events for scene in scenes]


def test_loud_sounds_are_brought_down_together() -> None:
    loud = {label: [lambda: np.full(SAMPLE_RATE, 3.0, np.float32)] for label in ("a", "b")}

    (scene,) = draw_scenes(loud, Counts(single=1, pairs=0, overlap=0), seed=1)

    assert np.abs(scene.samples).max() == pytest.approx(0.9, abs=1e-6)


def test_a_sequence_can_be_had_all_at_once(scenes: list[TestScene]) -> None:
    for scene in of(scenes, Arrangement.SEQUENCE):
        samples = together(scene)

        assert (samples == together(scene)).all()
        longest = max(map(len, scene.parts))
        sounding = np.flatnonzero(samples > QUIET)
        assert len(sounding) == longest == sounding[-1] + 1 - sounding[0]
        both = sum(float(part[0]) for part in scene.parts)
        assert samples.max() == pytest.approx(both, abs=0.01)


def test_recordings_are_trimmed_and_levelled_when_they_are_loaded(tmp_path: Path) -> None:
    silence = np.zeros(SAMPLE_RATE)
    tone = 0.7 * np.sin(np.arange(SAMPLE_RATE) * 0.3)
    soundfile.write(tmp_path / "a.wav", np.concatenate([silence, tone, silence]), SAMPLE_RATE)
    recording = Recording(tmp_path / "a.wav", "dog", 4)

    sounds = loader([recording, recording])

    assert list(sounds) == ["dog"]
    assert len(sounds["dog"]) == 2
    samples = sounds["dog"][0]()
    assert len(samples) == SAMPLE_RATE
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, abs=1e-4)
