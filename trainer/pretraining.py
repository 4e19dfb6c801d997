"""An audio encoder that was taught to name what sounds in scenes, for others to start from.

Published systems start from an encoder that was trained on tags (PaSST and HTS-AT on AudioSet);
this is the same at the size of the compact encoder. Tags are told from the mean over a clip's
frames, so that no system's own way of comparing is taught beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tokenalign.nn.audio import CompactConfig, CompactEncoder
from tokenalign.nn.losses import presence
from trainer.batches import Batch
from trainer.checkpoint import load_average
from trainer.freezing import freeze
from trainer.recipe import Recipe

TAGGING = replace(Recipe(), contrastive_weight=0.0, frame_weight=0.0, salience_weight=0.0)
"""Data and schedule; of the losses only the presence of labels in clips."""


class Tagger(nn.Module):
    """Which labels sound in a clip.

    Args:
        audio: the encoder that is taught.
        labels: K.
    """

    def __init__(self, audio: CompactEncoder, labels: int) -> None:
        super().__init__()
        self.audio = audio
        self.classify = nn.Linear(audio.config.hidden, labels)

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Log-mel [C, T, F], of which the frames in mask [C, M] are real, to logits [C, K]."""
        real = mask.unsqueeze(-1)
        total = torch.where(real, self.audio.features(mel), 0.0).sum(dim=1)
        logits: Tensor = self.classify(total / real.sum(dim=1).clamp(min=1))
        return logits


def build_tagger(recipe: Recipe, labels: int) -> Tagger:
    """A fresh one; the seed fixes its weights."""
    torch.manual_seed(recipe.seed)
    return Tagger(CompactEncoder(recipe.audio), labels)


def tagging_losses(tagger: Tagger, recipe: Recipe, batch: Batch) -> Mapping[str, Tensor]:
    """Binary cross-entropy of each label in each clip; the first probes stand for the labels."""
    labels = tagger.classify.out_features
    heard = batch.truth[:, :labels].any(dim=-1)
    logits = tagger(batch.mel, batch.mask)
    weight = recipe.positive_weight
    return {"presence": presence(logits, heard, torch.ones_like(heard), positive_weight=weight)}


class TaughtEncoder(NamedTuple):
    """An encoder, and for how many steps it was taught."""

    audio: CompactEncoder
    steps: int


def load_encoder(checkpoint: Path, config: CompactConfig, labels: int) -> TaughtEncoder:
    """The averaged encoder of a tagger's run."""
    tagger = Tagger(CompactEncoder(config), labels)
    steps = load_average(checkpoint, tagger)
    return TaughtEncoder(tagger.audio, steps)


def start_from(encoder: CompactEncoder, taught: CompactEncoder) -> None:
    """Give an encoder a taught one's weights, and freeze its convolutions over the spectrogram.

    All above them learns on: frames, their neighbours in time, the space shared with captions. So
    rows take half the time, and differ in nothing but what each makes of the same maps.
    """
    encoder.take_weights(taught)
    for name in ("normalise", "trunk"):
        freeze(encoder.get_submodule(name))
