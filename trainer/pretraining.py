"""An audio encoder that was taught to name what sounds in mixtures, for others to start from.

Published systems start from an encoder that was trained on tags (PaSST and HTS-AT on AudioSet);
this is the same at the size of the compact encoder. Tags are told from the mean over a clip's
frames, so that no system's own way of comparing is taught beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from tokenalign.nn.audio import CompactConfig, CompactEncoder
from trainer.checkpoint import AVERAGE, STEP, put_weights, read_tensors, under
from trainer.freezing import freeze
from trainer.mixtures import Mixtures
from trainer.precision import autocast
from trainer.recipe import Recipe


class Tagger(nn.Module):
    """How much of which label is in a clip.

    Args:
        audio: the encoder that is taught.
        labels: K.
    """

    def __init__(self, audio: CompactEncoder, labels: int) -> None:
        super().__init__()
        self.audio = audio
        self.classify = nn.Linear(audio.config.hidden, labels)

    def forward(self, mel: Tensor) -> Tensor:
        """Log-mel [C, T, F] to logits [C, K]."""
        logits: Tensor = self.classify(self.audio.features(mel).mean(dim=1))
        return logits


def build_tagger(recipe: Recipe, labels: int) -> Tagger:
    """A fresh one; the seed fixes its weights."""
    torch.manual_seed(recipe.seed)
    return Tagger(CompactEncoder(recipe.audio), labels)


def tagging_losses(tagger: Tagger, recipe: Recipe, batch: Mixtures) -> Mapping[str, Tensor]:
    """Cross-entropy of the told shares against the true ones.

    It differs from the paper's divergence by the entropy of the true ones, which nothing changes.
    """
    with autocast(recipe.precision, batch.mel.device):
        logits = tagger(batch.mel)
    return {"tags": cross_entropy(logits.float(), batch.shares)}


class TaughtEncoder(NamedTuple):
    """An encoder, and for how many steps it was taught."""

    audio: CompactEncoder
    steps: int


def load_encoder(checkpoint: Path, config: CompactConfig) -> TaughtEncoder:
    """The averaged encoder of a tagger's run.

    Raises:
        TokenAlignError: there is none, or it is of other sizes.
    """
    tensors = read_tensors(checkpoint)
    encoder = CompactEncoder(config)
    put_weights(under(tensors, f"{AVERAGE}audio."), encoder, checkpoint)
    return TaughtEncoder(encoder, int(tensors[STEP].item()))


def start_from(encoder: CompactEncoder, taught: CompactEncoder) -> None:
    """Give an encoder a taught one's weights, and freeze its convolutions over the spectrogram.

    All above them learns on: frames, their neighbours in time, the space shared with captions. So
    rows take half the time, and differ in nothing but what each makes of the same maps.
    """
    encoder.take_weights(taught)
    for name in ("normalise", "trunk"):
        freeze(encoder.get_submodule(name))
