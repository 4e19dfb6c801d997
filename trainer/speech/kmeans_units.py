"""Units without any weights: k-means over log-mel frames of 40 ms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import LogMel, read_mono
from tokenalign.nn.speech.compact import TELEPHONE
from trainer.speech.corpus import audio_folder, read_corpus, read_split
from trainer.speech.units import Numbers, Samples, UnitKind

MEL_FRAMES_PER_UNIT = 4
ROUNDS = 20
NAME = "kmeans"


class KMeansUnits:
    """A `UnitMaker`: the nearest of some mean spectra.

    Args:
        centroids: [units, F].
    """

    def __init__(self, centroids: NDArray[np.float32]) -> None:
        self.centroids = centroids
        self._log_mel = LogMel(TELEPHONE)

    @property
    def kind(self) -> UnitKind:
        """25 units a second."""
        hop_s = MEL_FRAMES_PER_UNIT * TELEPHONE.hop_samples / TELEPHONE.sample_rate
        return UnitKind(NAME, 1 / hop_s, len(self.centroids))

    @property
    def sample_rate(self) -> int:
        """8 kHz."""
        return TELEPHONE.sample_rate

    def __call__(self, samples: Samples) -> Numbers:
        """See `UnitMaker`."""
        spectra = mean_spectra(self._log_mel(samples))
        distances = np.square(spectra[:, None] - self.centroids).sum(axis=2)
        return np.asarray(distances.argmin(axis=1))


def mean_spectra(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """[T, F] to the means of every four frames, [U, F]; fewer than four at the end count too."""
    starts = np.arange(0, len(mel), MEL_FRAMES_PER_UNIT)
    counts = np.minimum(MEL_FRAMES_PER_UNIT, len(mel) - starts)
    return np.asarray(np.add.reduceat(mel, starts) / counts[:, None], np.float32)


@dataclass(frozen=True)
class KMeansConfig:
    """How units are found.

    Attributes:
        units: how many.
        utterances: of the training split that they are found in, spread over it.
        seed: of the start.
    """

    units: int = 64
    utterances: int = 500
    seed: int = 1


def fit_units(folder: Path, config: KMeansConfig) -> KMeansUnits:
    """Units of a prepared corpus, from its training split."""
    spectra = np.concatenate(list(_training_spectra(folder, config.utterances)))
    found = faiss.Kmeans(
        spectra.shape[1], config.units, niter=ROUNDS, seed=config.seed, min_points_per_centroid=1
    )
    found.train(spectra)
    return KMeansUnits(np.asarray(found.centroids))


def _training_spectra(folder: Path, count: int) -> Iterator[NDArray[np.float32]]:
    corpus = read_corpus(folder)
    utterances = read_split(folder, corpus.training)
    log_mel = LogMel(TELEPHONE)
    for utterance in utterances[:: max(1, len(utterances) // count)]:
        path = audio_folder(folder, corpus) / utterance.audio
        yield mean_spectra(log_mel(read_mono(path, sample_rate=TELEPHONE.sample_rate)))
