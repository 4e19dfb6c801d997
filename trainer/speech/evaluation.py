"""A trained run on speakers that it has not heard: units told, and words placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from tokenalign.metrics.bootstrap import Interval
from trainer.speech.baselines import BASELINES
from trainer.speech.batches import Example, Reader, collate, open_split
from trainer.speech.boundaries import Spans, boundary_figures
from trainer.speech.run import TrainedRun
from trainer.speech.unit_figures import UnitFigures, model_figures, plain_figures
from trainer.speech.units import Samples, read_kind
from trainer.speech.word_times import word_spans

BATCH = 16
MODEL = "model"


@dataclass(frozen=True)
class Conditions:
    """What is measured on.

    Attributes:
        noise_db: speech over noise; infinite = none.
        utterances: of the held-out split, the first so many; None = all.
        seed: of the noise.
    """

    noise_db: float = 10.0
    utterances: int | None = None
    seed: int = 7


@dataclass(frozen=True)
class SpeechFigures:
    """What was measured.

    Attributes:
        utterances: how many.
        units: figures of units, by what tells them.
        words: figures of word times, by what finds them; empty where no times are known.
    """

    utterances: int
    units: Mapping[str, UnitFigures]
    words: Mapping[str, Mapping[str, Interval]]


def measure_speech(run: TrainedRun, corpus: Path, conditions: Conditions) -> SpeechFigures:
    """Measure a run on the held-out split of a prepared corpus."""
    reader = Reader(open_split(corpus, held_out=True), run.model.encoder, run.tokenizer)
    heard = [
        reader.samples(
            index,
            noise_db=conditions.noise_db,
            chance=np.random.default_rng([conditions.seed, index]),
        )
        for index in range(len(reader.split.utterances[: conditions.utterances]))
    ]
    examples = [reader.example(index, samples) for index, samples in enumerate(heard)]
    batches = [collate(part) for part in in_parts(examples)]
    training = open_split(corpus, held_out=False).units
    told = dict(model_figures(run.model, batches))
    told |= plain_figures(training, [e.units for e in examples], read_kind(corpus).count)
    return SpeechFigures(len(examples), told, _words(run, reader, examples, heard))


def in_parts(examples: Sequence[Example]) -> list[Sequence[Example]]:
    """At most `BATCH` of them in a part, and nearly as many in each: one that is left alone would
    be given its own speech where it should get another's.
    """
    edges = np.linspace(0, len(examples), 1 - (-len(examples) // BATCH)).round().astype(int)
    return [examples[first:last] for first, last in pairwise(edges)]


def _words(
    run: TrainedRun, reader: Reader, examples: Sequence[Example], heard: Sequence[Samples]
) -> dict[str, Mapping[str, Interval]]:
    """Figures of all utterances whose times are known."""
    found: dict[str, list[Spans]] = {name: [] for name in (MODEL, *BASELINES)}
    true = []
    for utterance, example, samples in zip(reader.split.utterances, examples, heard, strict=False):
        if not utterance.words:
            continue
        true.append(np.array([(word.start_s, word.end_s) for word in utterance.words]))
        found[MODEL].append(word_spans(run.model, collate([example]), example.rows))
        texts = [word.text for word in utterance.words]
        for name, baseline in BASELINES.items():
            found[name].append(baseline(samples, reader.encoder.sample_rate, texts))
    return {name: boundary_figures(spans, true) for name, spans in found.items() if spans}
