"""Utterances as other voices in other rooms might say them: few speakers have to stand for many.

The bands are read at other places, as other vocal tracts put their resonances (N. Jaitly and G.
Hinton, "Vocal Tract Length Perturbation improves speech recognition", ICML workshop 2013), and
a stretch of bands is hidden (D. Park et al., "SpecAugment", Interspeech 2019).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mel = NDArray[np.float32]


def other_voice(mel: Mel, *, warp: float, hidden_bands: int, chance: np.random.Generator) -> Mel:
    """A log-mel [T, F] in another voice.

    Args:
        mel: [T, F].
        warp: bands are read up to this share higher or lower.
        hidden_bands: at most so many neighbours take their mean.
        chance: what is drawn.
    """
    heard = warped(mel, 1 + chance.uniform(-warp, warp))
    count = int(chance.integers(hidden_bands + 1))
    first = int(chance.integers(mel.shape[1] - count + 1))
    if count:
        heard[:, first : first + count] = heard[:, first : first + count].mean()
    return heard


def warped(mel: Mel, factor: float) -> Mel:
    """Band b becomes what band ``factor · b`` was, between bands by a straight line."""
    places = np.minimum(np.arange(mel.shape[1]) * factor, mel.shape[1] - 1)
    below = np.minimum(places.astype(int), mel.shape[1] - 2)
    share = (places - below).astype(np.float32)
    return np.asarray((1 - share) * mel[:, below] + share * mel[:, below + 1])
