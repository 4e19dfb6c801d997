"""Small spoken corpora: tones stand for digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.speech.digits import SAMPLE_RATE
from trainer.speech.kmeans_units import KMeansConfig, fit_units
from trainer.speech.prepare_digits import DigitStrings, prepare_digits
from trainer.speech.units import write_units

SPEAKERS = ("anna", "bert")


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten digits by two speakers, each a tone of its own, as FSDD names them."""
    folder = tmp_path_factory.mktemp("recordings")
    for number, speaker in enumerate(SPEAKERS):
        for digit in range(10):
            time_s = np.arange(round((0.15 + 0.01 * digit) * SAMPLE_RATE)) / SAMPLE_RATE
            tone = 0.3 * np.sin(2 * np.pi * (200 + 150 * digit + 40 * number) * time_s)
            soundfile.write(folder / f"{digit}_{speaker}_0.wav", tone, SAMPLE_RATE)
    return folder


@pytest.fixture(scope="session")
def corpus(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared corpus of strings of such digits, with units."""
    folder = tmp_path_factory.mktemp("corpus")
    wanted = DigitStrings(held_out="bert", training_strings=6, held_out_strings=3)
    for _ in prepare_digits(recordings, folder, wanted):
        pass
    for _ in write_units(folder, fit_units(folder, KMeansConfig(units=8))):
        pass
    return folder
