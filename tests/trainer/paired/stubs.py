"""Encoders that take no time, tones for them to hear, and a recipe of few steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from tokenalign.nn.encoders.interface import AudioFrames, TextStates
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from trainer.datasets import CaptionedClip
from trainer.paired.batches import PairSource
from trainer.paired.encoded import Encoded
from trainer.paired.losses import losses, total
from trainer.paired.parts import PartwiseGradient
from trainer.paired.processes import share
from trainer.paired.recipe import Objective, PairedRecipe
from trainer.paired.system import PairedSystem

RATE, HOP, WIDTH, LETTERS = 4000, 400, 8, 32
SOUNDS = ("a dog barks", "rain falls", "wind blows", "a bell rings", "water drips", "birds sing")


class StubAudio(nn.Module):
    """Ten frames a second, each from its own samples; what lies behind a clip is masked."""

    sample_rate = RATE
    width = WIDTH

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.read = nn.Linear(HOP, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, waveform: Tensor, valid_s: Tensor) -> AudioFrames:
        count = -(-waveform.shape[1] // HOP)
        padded = nn.functional.pad(waveform, (0, count * HOP - waveform.shape[1]))
        frames = self.dropout(torch.tanh(self.read(padded.reshape(len(waveform), count, HOP))))
        centres = (torch.arange(count) + 0.5) * HOP / RATE
        return AudioFrames(frames, centres < valid_s.unsqueeze(1), HOP / RATE)


class StubText(nn.Module):
    """A token for each word, by its letters."""

    width = WIDTH

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.letters = nn.Embedding(LETTERS, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, texts: Sequence[str]) -> TextStates:
        words = [text.split() or ["-"] for text in texts]
        most = max(map(len, words))
        states = torch.stack([self._row(row, most) for row in words])
        lengths = torch.tensor([len(row) for row in words])
        mask = torch.arange(most) < lengths.unsqueeze(1)
        offsets = torch.zeros(len(texts), most, 2, dtype=torch.int64)
        return TextStates(self.dropout(states), mask, offsets)

    def _row(self, words: Sequence[str], most: int) -> Tensor:
        numbers = [torch.tensor([ord(letter) % LETTERS for letter in word]) for word in words]
        vectors = torch.stack([self.letters(letters).sum(dim=0) for letters in numbers])
        return nn.functional.pad(vectors, (0, 0, 0, most - len(words)))


TOKENS = LevelsConfig(units="tokens", maximum="hard", order=False)
PAIRWISE = replace(TOKENS, regional=True, reranking=True, bias="fixed", heads=2)


def stub_system(levels: LevelsConfig = TOKENS, *, dropout: float = 0.0) -> PairedSystem:
    """The same weights at every call."""
    torch.manual_seed(5)
    return PairedSystem(
        audio=StubAudio(dropout),
        text=StubText(dropout),
        matcher=Levels(levels, width=WIDTH),
        width=WIDTH,
    ).train()


def recipe_of(**changes: object) -> PairedRecipe:
    """Two epochs of four clips a step, with rates at which something happens."""
    small = PairedRecipe(
        data=("own",),
        width=WIDTH,
        levels=TOKENS,
        objective=Objective(kind="contrastive"),
        batch_size=4,
        max_epochs=2,
        encoder_lr=1e-2,
        projection_lr=1e-2,
        longest_s=1.0,
        precision="32-true",
    )
    return replace(small, **changes)  # type: ignore[arg-type]


def two_process_parts(*, accumulate: int) -> tuple[PairedRecipe, PairedSystem]:
    """Dropout is drawn for each part: two parts of one process are one part of each of two."""
    recipe = recipe_of(levels=PAIRWISE, accumulate=accumulate)
    return recipe, stub_system(PAIRWISE, dropout=0.2)


def shared_gradients(
    fabric: Fabric, clips: Sequence[CaptionedClip], parts: int
) -> dict[str, Tensor]:
    """Of one batch of five clips, which two processes cannot share evenly; without dropout."""
    system = stub_system(replace(PAIRWISE, dropout=0.0))
    source = PairSource(clips, sample_rate=RATE, longest_s=1.0, batch_size=5, seed=3)
    batch = next(source.stream(0, 1, share(5, fabric)))
    objective = Objective()

    def loss_of(encoded: Encoded) -> tuple[Tensor, dict[str, Tensor]]:
        found = losses(system, encoded, objective, warmed_up=True)
        return total(found, objective), found

    gradient = PartwiseGradient(fabric, system, loss_of)
    gradient(batch, parts, rows=5, seed=(1,))
    gradient.average()
    return {name: p.grad for name, p in system.named_parameters() if p.grad is not None}


def tones(folder: Path, count: int = 8) -> tuple[CaptionedClip, ...]:
    """Write tones with noise, one of 0.5 s and each longer than the one before."""
    folder.mkdir(exist_ok=True)
    for number, clip in enumerate(tone_clips(folder, count)):
        rng = np.random.default_rng(number)
        time_s = np.arange(round((0.5 + 0.12 * number) * RATE)) / RATE
        sound = 0.3 * np.sin(2 * np.pi * (40 + 90 * number) * time_s)
        soundfile.write(clip.path, sound + 0.05 * rng.normal(size=len(time_s)), RATE)
    return tone_clips(folder, count)


def tone_clips(folder: Path, count: int = 8) -> tuple[CaptionedClip, ...]:
    """What `tones` wrote, with two captions each."""
    clips = []
    for number in range(count):
        first, second = (SOUNDS[(number + shift) % len(SOUNDS)] for shift in (0, 1))
        captions = (f"{first} {number}", f"{first} {number}, then {second}")
        path = folder / f"clip {number}.wav"
        clips.append(CaptionedClip(id=f"clip {number}", path=path, captions=captions))
    return tuple(clips)
