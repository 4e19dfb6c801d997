"""Training scenes: sounds lie where the scene says, and powers add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer.recordings import SoundStore, StoredSound
from trainer.scenes import (
    SCENE_MEL_FRAMES,
    Arrangement,
    PlacedSound,
    TrainingScene,
    draw_family,
    frame_truth,
    mix,
)

LOUD = 1e6
"""Power of a sound in its own band: far above any noise."""


class BandStore(SoundStore):
    """Each label is a constant power in one band, of some length; no files behind it."""

    def __init__(self, sounds: Mapping[str, tuple[int, int]]) -> None:
        self.bands = {label: band for label, (band, _) in sounds.items()}
        self.by_label = {
            label: [[StoredSound(label, label, 1, 0, length)]]
            for label, (_, length) in sounds.items()
        }

    def power(self, sound: StoredSound) -> NDArray[np.float32]:
        power = np.zeros((sound.length, 64), np.float32)
        power[:, self.bands[sound.label]] = LOUD
        return power

    def one(self, label: str) -> StoredSound:
        return self.by_label[label][0][0]


class Calm:
    """A generator that draws the middle of every range: no room, noise or colour."""

    def __init__(self, seed: int) -> None:
        self.integers = np.random.default_rng(seed).integers  # places stay random

    def random(self) -> float:
        return 0.5

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2

    def normal(self, loc: float, scale: float, size: int) -> NDArray[np.float64]:
        return np.zeros(size)

    def standard_exponential(self, size: tuple[int, int], dtype: type) -> NDArray[np.float32]:
        return np.zeros(size, dtype)


def calm(seed: int) -> np.random.Generator:
    return cast(np.random.Generator, Calm(seed))


LEVEL = 10 ** (-12.0 / 10)
"""The middle of the levels that a scene is brought to."""


@pytest.fixture
def sounds() -> BandStore:
    return BandStore({"bell": (10, 90), "cat": (20, 150), "dog": (30, 40), "rain": (40, 800)})


def scenes(sounds: BandStore, count: int) -> Iterator[TrainingScene]:
    for seed in range(count):
        yield from draw_family(sounds, np.random.default_rng(seed))


def test_every_sound_begins_and_ends_exactly_where_its_scene_says(sounds: BandStore) -> None:
    checked = 0
    for scene in scenes(sounds, 60):
        for sound in scene.sounds:
            band = sounds.bands[sound.label]
            # A sound may be moved by up to three bands.
            power = scene.power[:, band - 4 : band + 5].sum(axis=1)
            steps = np.diff(power, prepend=0.0)
            assert steps.argmax() == sound.start
            if sound.end < scene.length:
                assert steps.argmin() == sound.end
                checked += 1
    assert checked > 60


def test_families_hold_the_same_sounds_in_other_arrangements(sounds: BandStore) -> None:
    kinds = set()
    for seed in range(80):
        one, other = draw_family(sounds, np.random.default_rng(seed))
        labels = [tuple(sound.label for sound in scene.sounds) for scene in (one, other)]
        if len(labels[0]) == 3:
            assert set(labels[0]) == set(labels[1])
        else:
            assert len({*labels[0], *labels[1]}) <= 2
            assert (one.arrangement, labels[0]) != (other.arrangement, labels[1])
        kinds |= {(scene.arrangement, len(scene.sounds)) for scene in (one, other)}
    assert kinds == {
        (Arrangement.SINGLE, 1),
        (Arrangement.SEQUENCE, 2),
        (Arrangement.SEQUENCE, 3),
        (Arrangement.OVERLAP, 2),
    }


def test_sequences_do_not_overlap_and_overlaps_do(sounds: BandStore) -> None:
    for scene in scenes(sounds, 60):
        spans = [(sound.start, sound.end) for sound in scene.sounds]
        assert all(0 <= start < end <= scene.length for start, end in spans)
        if scene.arrangement is Arrangement.SEQUENCE:
            assert all(one[1] <= other[0] for one, other in pairwise(spans))
        elif scene.arrangement is Arrangement.OVERLAP:
            (start, end), (other_start, other_end) = spans
            assert min(end, other_end) - max(start, other_start) == min(
                end - start, other_end - other_start
            )


def test_crowds_are_three_at_once_and_one_before_two_at_once(sounds: BandStore) -> None:
    for seed in range(40):
        together, after = draw_family(sounds, np.random.default_rng(seed), crowded=1.0)
        assert {one.label for one in together.sounds} == {one.label for one in after.sounds}
        assert together.arrangement is Arrangement.OVERLAP
        assert max(one.start for one in together.sounds) < min(one.end for one in together.sounds)
        assert after.arrangement is Arrangement.THEN_TOGETHER
        first, one, other = after.sounds
        assert first.end <= min(one.start, other.start)
        assert max(one.start, other.start) < min(one.end, other.end)


def test_powers_of_overlapping_sounds_add_up() -> None:
    sounds = BandStore({"cat": (20, 150), "dog": (20, 40)})

    scene = mix(sounds, [sounds.one("cat"), sounds.one("dog")], Arrangement.OVERLAP, 500, calm(3))

    expected = np.zeros(SCENE_MEL_FRAMES)
    for sound in scene.sounds:
        expected[sound.start : sound.end] += LOUD * LEVEL
    assert scene.power[:, 20] == pytest.approx(expected, rel=1e-5)
    assert expected.max() == pytest.approx(2 * LOUD * LEVEL)
    assert scene.power[:, 21].max() == 0.0


def test_long_sounds_are_cut_to_the_limit(sounds: BandStore) -> None:
    scene = mix(sounds, [sounds.one("rain")], Arrangement.SINGLE, 300, calm(1))

    (rain,) = scene.sounds
    assert rain.end - rain.start == 300
    assert np.count_nonzero(scene.power[:, sounds.bands["rain"]]) == 300


def test_nothing_sounds_past_the_length(sounds: BandStore) -> None:
    lengths = set()
    for scene in scenes(sounds, 60):
        assert scene.power.shape == (SCENE_MEL_FRAMES, 64)
        assert scene.power[scene.length :].sum() == 0.0
        assert max(sound.end for sound in scene.sounds) <= scene.length
        lengths.add(scene.length)
    assert SCENE_MEL_FRAMES in lengths
    assert len(lengths) > 10


def test_the_same_seed_draws_the_same_scenes(sounds: BandStore) -> None:
    for one, other in zip(scenes(sounds, 5), scenes(sounds, 5), strict=True):
        assert one.sounds == other.sounds
        assert one.power.tolist() == other.power.tolist()


def test_frames_are_true_from_half_on_and_unknown_below() -> None:
    # Frame 0: 8 of 16 mel frames, true. Frame 1: 16, true. Frame 2: 7, unknown. Frame 3: none.
    # Frame 5: 16 frames of the second bark. The cat is another label.
    scene = TrainingScene(
        Arrangement.SEQUENCE,
        (PlacedSound("dog", 8, 39), PlacedSound("cat", 48, 64), PlacedSound("dog", 80, 96)),
        np.zeros((SCENE_MEL_FRAMES, 64), np.float32),
        SCENE_MEL_FRAMES,
    )

    truth, known = frame_truth(scene, "dog")

    assert truth.shape == known.shape == (64,)
    assert np.flatnonzero(truth).tolist() == [0, 1, 5]
    assert np.flatnonzero(~known).tolist() == [2]
    assert not frame_truth(scene, "rain")[0].any()
    assert frame_truth(scene, "rain")[1].all()
