"""Storing costs nothing where codes are exact, and everything where they say nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tokenalign.bundle import CODEC, Bundle, read_bundle
from tokenalign.engine import Model
from tokenalign.frame_codec import CODES
from trainer.evaluation.scenes import SAMPLE_RATE, Counts
from trainer.evaluation.storing import measure_storing
from trainer.export import sealed

COUNTS = Counts(single=4, pairs=2, overlap=2)


def tone(hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)


SOUNDS = {"dog": [lambda: tone(200)], "rain": [lambda: tone(900)], "cat": [lambda: tone(4000)]}


def figures(model: Model) -> dict[str, float]:
    return {row.name: row.figure.value for row in measure_storing(model, SOUNDS, 1, counts=COUNTS)}


def test_half_precision_costs_next_to_nothing(tiny_model: Model) -> None:
    found = figures(tiny_model)

    assert found["difference"] == pytest.approx(0.0, abs=1.0)
    assert len(found) == 3


def test_codes_that_tell_nothing_apart_are_seen_to(tiny_bundle: Bundle, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    shutil.copytree(tiny_bundle.path, folder)
    width = tiny_bundle.width
    np.save(folder / CODEC[0], np.full((1, width), width**-0.5, np.float32))
    np.save(folder / CODEC[1], np.zeros((1, CODES, width), np.float32))

    found = figures(Model(sealed(read_bundle(folder)), threads=1))

    before, after = found["t2a mAP@10, frames as they are"], found["t2a mAP@10, frames in 3 bytes"]
    assert found["difference"] == pytest.approx(after - before)
    assert after != before
