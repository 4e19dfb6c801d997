"""Two windows of one recording: what is in them lies where they say, cut where they end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.trainer.test_scenes import BandStore
from trainer.batches import BatchSource
from trainer.minutes import LEAST, MOST_HEARD, draw_windows
from trainer.recordings import SoundStore
from trainer.scenes import SCENE_MEL_FRAMES, Arrangement, TrainingScene


@pytest.fixture
def sounds() -> BandStore:
    """Seven sounds of 1.2 to 3.6 s, whose bands stay apart however they are moved."""
    return BandStore({f"sound {n}": (4 + 9 * n, 120 + 40 * n) for n in range(7)})


def drawn(sounds: SoundStore, pairs: int) -> list[list[TrainingScene]]:
    rng = np.random.default_rng(1)
    return [list(draw_windows(sounds, rng)) for _ in range(pairs)]


def test_windows_come_in_pairs_of_different_sounds_in_a_row(sounds: BandStore) -> None:
    for pair in drawn(sounds, 50):
        assert len(pair) == 2
        assert pair[0].sounds != pair[1].sounds
        for scene in pair:
            assert 1 <= len(scene.sounds) <= MOST_HEARD
            single = len(scene.sounds) == 1
            assert scene.arrangement is (Arrangement.SINGLE if single else Arrangement.SEQUENCE)
            for before, after in zip(scene.sounds, scene.sounds[1:], strict=False):
                assert before.end <= after.start


def test_some_sounds_are_cut_at_the_windows_ends(sounds: BandStore) -> None:
    placed = [sound for pair in drawn(sounds, 50) for scene in pair for sound in scene.sounds]

    assert all(0 <= one.start < one.end <= SCENE_MEL_FRAMES for one in placed)
    assert min(one.end - one.start for one in placed) >= LEAST
    assert sum(one.start == 0 for one in placed) > 5
    assert sum(one.end == SCENE_MEL_FRAMES for one in placed) > 5


def test_power_is_where_the_sounds_are(sounds: BandStore) -> None:
    for pair in drawn(sounds, 20):
        for scene in pair:
            for sound in scene.sounds:
                middle = sounds.bands[sound.label]
                band = scene.power[:, middle - 4 : middle + 5].sum(axis=1)
                inside = band[sound.start : sound.end].mean()
                assert inside > 10 * (band[: sound.start].mean() if sound.start else 0.0)


def test_a_share_of_the_families_are_windows(source: BatchSource) -> None:
    some, none = replace(source, minutes=1.0), replace(source, minutes=0.0)

    assert some.batch(1).texts != source.batch(1).texts
    assert none.batch(1).texts == source.batch(1).texts
