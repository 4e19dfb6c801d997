"""Short mixtures of two sounds, and how much of each is in them, to teach an audio encoder by.

Between-class learning (Tokozume, Ushiku and Harada, "Learning from Between-class Examples for Deep
Sound Recognition", ICLR 2018, arXiv 1711.10282): two recordings of different classes are mixed at a
random ratio, and the encoder tells the ratio. On mel powers here, which add where sounds do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainer.recordings import SoundStore
from trainer.variation import background, masked_log_mel, reverberant, varied

MIXTURE_MEL_FRAMES = 256
"""2.56 s: about as far as a frame of the encoder sees, and no silence to spend time on."""

PURE = 0.2
"""Share of the mixtures in which one sound is alone."""

REVERBERANT = 0.2


@dataclass(frozen=True)
class Mixtures:
    """One step's data.

    Attributes:
        mel: [B, T, F] log-mel.
        shares: [B, K] how much of each label is in each mixture; rows add up to 1.
    """

    mel: Tensor
    shares: Tensor

    def to(self, device: torch.device) -> Mixtures:
        """The same on a device."""
        return Mixtures(self.mel.to(device), self.shares.to(device))


@dataclass(frozen=True)
class MixtureSource:
    """Makes batch number n, the same for the same seed and n, so that a run can be resumed.

    Attributes:
        store: sounds of K labels.
        size: mixtures a batch.
        seed: of all that is drawn.
    """

    store: SoundStore
    size: int
    seed: int

    def batch(self, number: int) -> Mixtures:
        """Draw one step's mixtures."""
        rng = np.random.default_rng((self.seed, number))
        labels = self.store.labels
        shares = np.zeros((self.size, len(labels)), np.float32)
        powers = []
        for row in shares:
            first, second = rng.choice(len(labels), size=2, replace=False)
            ratio = 1.0 if rng.random() < PURE else rng.random()
            row[[first, second]] = ratio, 1.0 - ratio
            pieces = (self._piece(labels[first], rng), self._piece(labels[second], rng))
            powers.append(_in_a_room(mixed(*pieces, ratio), rng))
        return Mixtures(masked_log_mel(powers, self.store.front_end, rng), torch.from_numpy(shares))

    def _piece(self, label: str, rng: np.random.Generator) -> NDArray[np.float32]:
        """A varied part of a sound somewhere in a mixture's time, [T, F]."""
        sound = varied(self.store.power(self.store.draw(label, rng)), MIXTURE_MEL_FRAMES, rng)
        piece = np.zeros((MIXTURE_MEL_FRAMES, sound.shape[1]), np.float32)
        start = rng.integers(MIXTURE_MEL_FRAMES - len(sound) + 1)
        piece[start : start + len(sound)] = sound
        return piece


def mixed(
    first: NDArray[np.float32], second: NDArray[np.float32], ratio: float
) -> NDArray[np.float32]:
    """Two powers [T, F], brought to the level of the first and added in a ratio of amplitudes.

    Equation 2 of the paper, of powers: (r² p₁ + (1 - r)² p₂) / (r² + (1 - r)²), so that the sum is
    as loud as its parts, and r is how much of the first is heard.
    """
    level = first.mean() / max(second.mean(), np.finfo(np.float32).tiny)
    parts = ratio**2 * first + (1.0 - ratio) ** 2 * level * second
    total: NDArray[np.float32] = (parts / (ratio**2 + (1.0 - ratio) ** 2)).astype(np.float32)
    return total


def _in_a_room(power: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Reverberation at times, faint noise, and any level."""
    if rng.random() < REVERBERANT:
        power = reverberant(power, rng)
    gain = np.float32(10 ** (rng.uniform(-30.0, 6.0) / 10))
    heard: NDArray[np.float32] = (power + background(power.shape, rng)) * gain
    return heard
