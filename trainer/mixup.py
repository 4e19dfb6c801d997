"""MixUp of scenes: two sound at once, and the captions of both are right (Zhang et al. 2018).

Powers are added, as those of waveforms are. Captions stay: each tells of its own part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainer.captions import Caption
from trainer.scenes import TrainingScene

MOST_APART_DB = 3.0


@dataclass(frozen=True)
class Blend:
    """Scenes of a batch after MixUp.

    Attributes:
        scenes: B, in their order.
        partner: [B] the scene that was added to each; its own number where none was.
    """

    scenes: tuple[TrainingScene, ...]
    partner: NDArray[np.int64]

    def either(self, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """What holds of captions and scenes before, [B, B], for either part of a scene after."""
        return own | own[:, self.partner]


def blend(
    scenes: Sequence[TrainingScene],
    captions: Sequence[Caption],
    share: float,
    rng: np.random.Generator,
) -> Blend:
    """Add another scene of the batch to a share of the scenes, at about the same level.

    Two that have a sound in common, or of which one's caption names a sound of the other (as one
    that must not be heard), stay apart.

    Args:
        scenes: B.
        captions: B, of the scenes.
        share: of the scenes that another is added to, where one fits; 0 draws nothing.
        rng: source of all variation.
    """
    partner = np.arange(len(scenes))
    if share > 0.0:
        told = [
            {*caption.labels, *(sound.label for sound in scene.sounds)}
            for scene, caption in zip(scenes, captions, strict=True)
        ]
        drawn = rng.integers(len(scenes), size=len(scenes))
        chosen = rng.random(len(scenes)) < share
        fits = [one.isdisjoint(told[other]) for one, other in zip(told, drawn, strict=True)]
        partner = np.where(chosen & fits, drawn, partner)
    blended = (
        scene if other == place else _sum(scene, scenes[int(other)], rng)
        for place, (scene, other) in enumerate(zip(scenes, partner, strict=True))
    )
    return Blend(tuple(blended), partner)


def _sum(scene: TrainingScene, other: TrainingScene, rng: np.random.Generator) -> TrainingScene:
    level = scene.power.mean() / max(other.power.mean(), np.finfo(np.float32).tiny)
    apart_db = rng.uniform(-MOST_APART_DB, MOST_APART_DB)
    gain = np.float32(level * 10 ** (apart_db / 10))
    return replace(
        scene,
        sounds=(*scene.sounds, *other.sounds),
        power=scene.power + gain * other.power,
        length=max(scene.length, other.length),
    )
