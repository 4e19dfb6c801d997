"""Ambience: another sound lies faintly under all of a scene, and nothing is learned of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.trainer.test_mixup import caption, scene
from tokenalign.query.types import NEGATED
from trainer.ambience import BELOW_DB, with_ambience
from trainer.batches import BatchSource
from trainer.captions import Caption
from trainer.mixup import Blend
from trainer.scenes import TrainingScene


def laid(
    source: BatchSource,
    scenes: list[TrainingScene],
    captions: list[Caption],
    share: float,
    *,
    partner: tuple[int, ...] = (0, 1),
) -> list[TrainingScene]:
    blend = Blend(tuple(scenes), np.array(partner))
    return with_ambience(blend, captions, source.store, share, np.random.default_rng(1))


def wide(label: str, length: int) -> TrainingScene:
    """A scene of as many bands as the store's, of power 1."""
    one = scene(label, 1.0, length)
    return replace(one, power=np.repeat(one.power, 16, axis=1))


def test_it_lies_under_the_whole_scene_at_a_fraction_of_its_power(source: BatchSource) -> None:
    before = [wide("dog", 700), wide("rain", 1024)]
    before[0].power[700:] = 0.0

    after = laid(source, before, [caption("dog"), caption("rain")], 1.0)

    for one, other in zip(before, after, strict=True):
        faint: NDArray[np.float32] = other.power - one.power
        assert (faint[: one.length].sum(axis=1) > 0).all()
        assert (faint[one.length :] == 0).all()
        below_db = 10 * np.log10(one.power.mean() / faint.mean())
        assert BELOW_DB[0] - 0.1 <= below_db <= BELOW_DB[1] + 0.1
        assert other.sounds == one.sounds


def test_it_is_no_sound_of_the_scene_or_its_captions(source: BatchSource) -> None:
    labels = source.store.labels
    own, named, added = labels[:3]
    scenes = [wide(own, 1024), wide(added, 1024)]
    captions = [caption(own, **{named: NEGATED}), caption(added)]

    found = {
        one.ambience
        for seed in range(40)
        for one in with_ambience(
            Blend((scenes[0],), np.array([0])), captions, source.store, 1.0,
            np.random.default_rng(seed),
        )
    }  # fmt: skip

    assert found == {*labels} - {own, named}
    blended = laid(source, scenes, captions, 1.0, partner=(1, 0))
    assert all(one.ambience not in (own, named, added) for one in blended)


def test_as_many_scenes_have_it_as_asked_and_none_draws_nothing(source: BatchSource) -> None:
    labels = source.store.labels
    scenes = [wide(labels[n % 2], 1024) for n in range(200)]
    captions = [caption(labels[n % 2]) for n in range(200)]

    half = laid(source, scenes, captions, 0.5, partner=tuple(range(200)))
    none = laid(source, scenes, captions, 0.0, partner=tuple(range(200)))

    assert 70 < sum(one.ambience != "" for one in half) < 130
    assert all(one is same for one, same in zip(none, scenes, strict=True))


def test_nothing_is_learned_of_whether_it_is_heard(source: BatchSource) -> None:
    """Neither as a probe nor as a caption that another scene has."""
    faint = replace(source, ambience=1.0)

    batch, plain = faint.batch(3), source.batch(3)

    left_out = ~batch.known.any(dim=-1) & plain.known.any(dim=-1)
    assert (left_out.sum(dim=1) == 1).all()
    assert not (batch.truth & left_out.unsqueeze(-1)).any()
    labels = list(faint.wordings)
    for row, column in left_out.nonzero().tolist():
        wordings = faint.wordings[labels[column]]
        for number, text in enumerate(batch.texts):
            if any(wording in text for wording in wordings):
                assert batch.excluded[number, row]
