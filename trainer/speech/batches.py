"""Utterances as tensors: batch n of a run, always the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from tokenalign.audio import read_mono
from tokenalign.nn.speech.interface import SpeechEncoder
from tokenalign.nn.speech.system import Text
from trainer.speech.corpus import Utterance, audio_folder, read_corpus, read_split
from trainer.speech.noise import with_noise
from trainer.speech.other_voices import other_voice
from trainer.speech.recipe import SpeechRecipe
from trainer.speech.tokens import Rows, read_rows
from trainer.speech.units import Numbers, Samples, read_units

POOL = 16
"""Batches that share their utterances by length, so that little of a batch is padding."""


class Batch(NamedTuple):
    """A batch of B utterances.

    Attributes:
        mel: [B, T, F].
        lengths: [B] mel frames of each.
        text: their transcripts.
        units: [B, U] int64, 0 where they are not real.
        unit_mask: [B, U] bool, True = real.
        row_spans: [B, L, 2] when each row's word is said, in seconds; NaN where it is not known.
    """

    mel: Tensor
    lengths: Tensor
    text: Text
    units: Tensor
    unit_mask: Tensor
    row_spans: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(
            mel=self.mel.to(device),
            lengths=self.lengths.to(device),
            text=Text(*(part.to(device) for part in self.text)),
            units=self.units.to(device),
            unit_mask=self.unit_mask.to(device),
            row_spans=self.row_spans.to(device),
        )


@dataclass(frozen=True)
class Example:
    """One utterance, read."""

    mel: NDArray[np.float32]
    rows: Rows
    units: Numbers
    row_spans: NDArray[np.float32]


@dataclass(frozen=True)
class Split:
    """Utterances of a prepared corpus, their units, and where their audio lies."""

    utterances: tuple[Utterance, ...]
    units: Sequence[Numbers]
    audio: Path


def open_split(folder: Path, *, held_out: bool) -> Split:
    """A split of a prepared corpus with units."""
    corpus = read_corpus(folder)
    name = corpus.held_out if held_out else corpus.training
    return Split(read_split(folder, name), read_units(folder, name), audio_folder(folder, corpus))


@dataclass(frozen=True)
class Reader:
    """Reads utterances as one encoder and one tokenizer want them."""

    split: Split
    encoder: SpeechEncoder
    tokenizer: Tokenizer

    def samples(self, index: int, *, noise_db: float, chance: np.random.Generator) -> Samples:
        """One utterance's samples [S], with noise."""
        path, rate = self.split.audio / self.split.utterances[index].audio, self.encoder.sample_rate
        clean = read_mono(path, sample_rate=rate)
        return with_noise(clean, rate, ratio_db=noise_db, chance=chance)

    def example(self, index: int, samples: Samples, unknown: Collection[int] = ()) -> Example:
        """One utterance, of its samples; some of its words may be read as if they were unknown."""
        utterance = self.split.utterances[index]
        rows = read_rows(self.tokenizer, utterance.text, unknown)
        return Example(
            mel=self.encoder.log_mel(samples),
            rows=rows,
            units=self.split.units[index],
            row_spans=_row_spans(utterance, rows),
        )


def _row_spans(utterance: Utterance, rows: Rows) -> NDArray[np.float32]:
    """[L, 2]: from the words' times, the gaps from their neighbours'."""
    spans = np.full((len(rows.ids), 2), np.nan, np.float32)
    if len(utterance.words) != rows.words:
        return spans
    ends = [0.0, *(word.end_s for word in utterance.words)]
    starts = [*(word.start_s for word in utterance.words), utterance.duration_s]
    word = -1
    for row, owner in enumerate(rows.owners):
        word = max(word, owner)
        if owner >= 0:
            spans[row] = utterance.words[owner].start_s, utterance.words[owner].end_s
        else:
            spans[row] = ends[word + 1], starts[word + 1]
    return spans


def training_batch(reader: Reader, recipe: SpeechRecipe, step: int) -> Batch:
    """Batch number `step` of a run."""
    chance = np.random.default_rng([recipe.seed, step])
    indices = _indices(reader.split.utterances, recipe, step)
    return collate([_noisy_example(reader, recipe, index, chance) for index in indices])


def _noisy_example(
    reader: Reader, recipe: SpeechRecipe, index: int, chance: np.random.Generator
) -> Example:
    noise_db = chance.uniform(recipe.least_noise_db, recipe.most_noise_db)
    samples = reader.samples(index, noise_db=noise_db, chance=chance)
    words = len(reader.split.utterances[index].text.split())
    unknown = np.flatnonzero(chance.random(words) < recipe.unknown_share)
    example = reader.example(index, samples, set(unknown.tolist()))
    warp, hidden = recipe.band_warp, recipe.hidden_bands
    mel = other_voice(example.mel, warp=warp, hidden_bands=hidden, chance=chance)
    return replace(example, mel=mel)


def _indices(utterances: Sequence[Utterance], recipe: SpeechRecipe, step: int) -> list[int]:
    """Whose turn it is: each pool is drawn anew and cut by length."""
    pool, place = divmod(step, POOL)
    chance = np.random.default_rng([recipe.seed, pool, 1])
    wanted = POOL * recipe.batch
    drawn = np.resize(chance.permutation(len(utterances)), wanted)
    by_length = sorted(drawn.tolist(), key=lambda index: utterances[index].duration_s)
    start = int(chance.permutation(POOL)[place]) * recipe.batch
    return by_length[start : start + recipe.batch]


def collate(examples: Sequence[Example]) -> Batch:
    """Utterances side by side, filled up behind their ends."""
    rows = [example.rows for example in examples]
    return Batch(
        mel=_padded([example.mel for example in examples], 0.0),
        lengths=torch.tensor([len(example.mel) for example in examples]),
        text=Text(
            ids=_padded([row.ids for row in rows], 0),
            mask=_padded([np.ones(len(row.ids), bool) for row in rows], False),
            word_of=_padded([row.word_of for row in rows], -1),
            gap=_padded([row.gap for row in rows], False),
        ),
        units=_padded([example.units for example in examples], 0),
        unit_mask=_padded([np.ones(len(example.units), bool) for example in examples], False),
        row_spans=_padded([example.row_spans for example in examples], np.nan),
    )


def _padded(arrays: Sequence[NDArray[np.generic]], value: float) -> Tensor:
    tensors = [torch.from_numpy(array) for array in arrays]
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True, padding_value=value)
