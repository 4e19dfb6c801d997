"""MixUp: powers add up, captions of both parts are right, and what contradicts stays apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tokenalign.query.types import NEGATED
from trainer.batches import BatchSource
from trainer.captions import Caption
from trainer.mixup import blend
from trainer.scenes import SCENE_MEL_FRAMES, Arrangement, PlacedSound, TrainingScene


def scene(label: str, power: float, length: int = SCENE_MEL_FRAMES) -> TrainingScene:
    powers = np.full((SCENE_MEL_FRAMES, 4), power, np.float32)
    return TrainingScene(Arrangement.SINGLE, (PlacedSound(label, 0, length),), powers, length)


def caption(label: str, **others: int) -> Caption:
    labels = (label, *others)
    return Caption("", labels, labels, (0, *others.values()))


def test_the_power_of_another_scene_is_added_at_about_the_same_level() -> None:
    scenes = [scene("dog", 1.0, 700), scene("rain", 100.0, 900)]

    found = [
        blend(scenes, [caption("dog"), caption("rain")], 1.0, np.random.default_rng(seed))
        for seed in range(20)
    ]

    blended = [one.scenes[0] for one in found if one.partner[0] == 1]
    assert 3 < len(blended) < 17
    for one in blended:
        assert [sound.label for sound in one.sounds] == ["dog", "rain"]
        assert one.length == 900
        assert 1 + 10**-0.3 <= one.power[0, 0] <= 1 + 10**0.3
    assert all(one.scenes[0] is scenes[0] for one in found if one.partner[0] == 0)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (caption("dog", rain=NEGATED), caption("rain")),
        (caption("dog"), caption("rain", dog=NEGATED)),
    ],
)
def test_a_caption_is_never_made_wrong(own: Caption, other: Caption) -> None:
    scenes = [scene("dog", 1.0), scene("rain", 1.0)]

    for seed in range(10):
        found = blend(scenes, [own, other], 1.0, np.random.default_rng(seed))
        assert found.partner.tolist() == [0, 1]


def test_captions_of_both_parts_are_right_and_what_equals_them_is_no_negative(
    source: BatchSource,
) -> None:
    mixed = replace(source, mixup=1.0)
    further = 0
    for number in range(6):
        plain, batch = source.batch(number), mixed.batch(number)
        assert torch.equal(plain.positive, torch.eye(6, dtype=torch.bool))
        assert batch.texts == plain.texts
        for place, right in enumerate(batch.positive.T.tolist()):
            assert right[place]
            assert sum(right) <= 2
            for part in np.flatnonzero(right):
                assert (plain.truth[part] <= batch.truth[place]).all()
                assert (plain.excluded[:, part] <= batch.excluded[:, place]).all()
            further += sum(right) - 1
    assert further > 2
