"""Faint recordings under whole scenes, as sounds outdoors and in rooms have them.

Captions do not tell of them, and nothing is learned of whether they are heard: at such levels some
people would say so, others not. Nor is anything learned there of which frames are salient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.captions import Caption
from trainer.mixup import Blend
from trainer.recordings import SoundStore
from trainer.scenes import SCENE_MEL_FRAMES, TrainingScene
from trainer.variation import varied

BELOW_DB = (6.0, 36.0)
"""How far below the scene's mean power."""


def with_ambience(
    blended: Blend,
    captions: Sequence[Caption],
    store: SoundStore,
    share: float,
    rng: np.random.Generator,
) -> list[TrainingScene]:
    """Lay a recording under a share of the scenes.

    It is of a sound that neither is in the scene nor is named by a caption of it, be it as one that
    must not sound.

    Args:
        blended: B scenes.
        captions: B, of the scenes before they were blended.
        store: where recordings are drawn from.
        share: of the scenes; 0 draws nothing.
        rng: source of all variation.
    """
    if share == 0.0:
        return list(blended.scenes)
    told = [
        {*captions[own].labels, *captions[other].labels, *(sound.label for sound in scene.sounds)}
        for own, (other, scene) in enumerate(zip(blended.partner, blended.scenes, strict=True))
    ]
    return [
        _over(scene, store, [label for label in store.labels if label not in avoided], rng)
        if rng.random() < share
        else scene
        for scene, avoided in zip(blended.scenes, told, strict=True)
    ]


def _over(
    scene: TrainingScene, store: SoundStore, labels: Sequence[str], rng: np.random.Generator
) -> TrainingScene:
    """A scene with a recording of one of the labels, if there are any, under all of its length."""
    if not labels:
        return scene
    label = str(rng.choice(labels))
    bed = _endless(varied(store.power(store.draw(label, rng)), SCENE_MEL_FRAMES, rng), rng)
    bed[scene.length :] = 0.0
    level = scene.power.mean() / max(bed.mean(), np.finfo(np.float32).tiny)
    gain = np.float32(level * 10 ** (-rng.uniform(*BELOW_DB) / 10))
    return replace(scene, power=scene.power + gain * bed, ambience=label)


def _endless(power: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A sound [T, F] again and again, from anywhere in it, [SCENE_MEL_FRAMES, F]."""
    at = (np.arange(SCENE_MEL_FRAMES) + rng.integers(len(power))) % len(power)
    endless: NDArray[np.float32] = power[at]
    return endless
