from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.desktop.views.results.wave import coverage, wave_image
from tokenalign.audio.peaks import Peaks


def outline(low: list[float], high: list[float]) -> Peaks:
    return Peaks(np.array(low, np.float32), np.array(high, np.float32), 1.0)


def test_a_full_stretch_covers_its_columns_and_half_a_one_half() -> None:
    covered = coverage(outline([-1, -0.5], [1, 0.5]), width=4, height=8)
    assert covered[:, :2].tolist() == [[1, 1]] * 8
    assert covered[:, 2].tolist() == [0, 0, 1, 1, 1, 1, 0, 0]


def test_many_stretches_give_their_extremes() -> None:
    high = np.random.default_rng(1).random(256, np.float32)
    covered = coverage(Peaks(-high, high, 1.0), width=64, height=100)
    naive = [part.max() / high.max() * 100 for part in np.split(high, 64)]
    assert covered.sum(axis=0) == pytest.approx(naive, abs=0.01)


def test_silence_is_a_line() -> None:
    covered = coverage(outline([0, 0], [0, 0]), width=2, height=10)
    assert covered.sum(axis=0).tolist() == [1, 1]


def test_the_moment_has_its_own_ink() -> None:
    image = wave_image(
        outline([-1], [1]),
        width=4,
        height=2,
        moment=(1, 3),
        inks=(QColor("#ff0000"), QColor("#0000ff")),
    )
    names = [image.pixelColor(x, 1).name() for x in range(4)]
    assert names == ["#ff0000", "#0000ff", "#0000ff", "#ff0000"]
