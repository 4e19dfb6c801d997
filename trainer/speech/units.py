"""Speech units: what the decoder learns to say. Numbers at an even rate, made ahead of training.

From S3, the supervised tokens of CosyVoice, where its weights are at hand; offline from k-means
over log-mel frames.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import read_mono
from tokenalign.errors import TokenAlignError
from tokenalign.progress import Progress
from trainer.speech.corpus import audio_folder, read_corpus, read_split

UNITS = "units.json"
REPORT_EVERY = 100

Samples = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class UnitKind:
    """What units there are.

    Attributes:
        name: ``kmeans``, or the name of an S3 tokenizer.
        rate_hz: units a second.
        count: how many kinds; numbers are below it, and 0 is one of them.
    """

    name: str
    rate_hz: float
    count: int


class UnitMaker(Protocol):
    """Samples to units."""

    @property
    def kind(self) -> UnitKind:
        """What it makes."""

    @property
    def sample_rate(self) -> int:
        """Of the samples."""

    def __call__(self, samples: Samples) -> Numbers:
        """Samples [S] to units [U]; unit k covers ``[k, k + 1) / rate_hz`` seconds."""


def write_units(folder: Path, maker: UnitMaker) -> Iterator[Progress]:
    """Make the units of both splits of a prepared corpus; ``units.json`` is written last."""
    corpus = read_corpus(folder)
    for split in (corpus.training, corpus.held_out):
        utterances = read_split(folder, split)
        made: list[Numbers] = []
        for number, utterance in enumerate(utterances, start=1):
            path = audio_folder(folder, corpus) / utterance.audio
            made.append(maker(read_mono(path, sample_rate=maker.sample_rate)))
            if number % REPORT_EVERY == 0 or number == len(utterances):
                yield Progress("units", number, len(utterances), split)
        lengths = np.array([len(units) for units in made])
        np.savez(_table(folder, split), units=np.concatenate(made), lengths=lengths)
    text = json.dumps(asdict(maker.kind), indent=2) + "\n"
    (folder / UNITS).write_text(text, encoding="utf-8")


def read_kind(folder: Path) -> UnitKind:
    """Which units a prepared corpus has; raises `TokenAlignError` where none were made."""
    try:
        return UnitKind(**json.loads((folder / UNITS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise TokenAlignError(
            f"{folder / UNITS}: no units were made ({error})",
            f"run: tokenalign-trainer prepare units {folder}",
        ) from error


def read_units(folder: Path, split: str) -> Sequence[Numbers]:
    """Units of all utterances of a split, in its order."""
    with np.load(_table(folder, split), allow_pickle=False) as table:
        joined, lengths = table["units"], table["lengths"]
    return np.split(joined.astype(np.int64), np.cumsum(lengths)[:-1])


def _table(folder: Path, split: str) -> Path:
    return folder / f"{split}.units.npz"
