from __future__ import annotations

import numpy as np
import pytest

from trainer.speech.boundaries import boundary_errors, boundary_figures, overlaps

TRUE = np.array([[0.0, 1.0], [1.0, 2.0]])
FOUND = np.array([[0.01, 1.03], [1.06, 1.85]])


def test_errors_by_hand() -> None:
    np.testing.assert_allclose(boundary_errors(FOUND, TRUE), [[0.01, 0.03], [0.06, 0.15]])


def test_overlaps_by_hand() -> None:
    found = np.array([[0.5, 1.5], [3.0, 4.0]])
    np.testing.assert_allclose(overlaps(found, TRUE), [0.5 / 1.5, 0.0])


def test_figures_by_hand() -> None:
    figures = {name: each.value for name, each in boundary_figures([FOUND], [TRUE]).items()}
    expected = {
        "median ms": 45.0,
        "mean ms": 62.5,
        "onset median ms": 35.0,
        "onset mean ms": 35.0,
        "offset median ms": 90.0,
        "offset mean ms": 90.0,
        "within 20 ms": 25.0,
        "within 50 ms": 50.0,
        "within 100 ms": 75.0,
        "within 200 ms": 100.0,
    }
    for name, value in expected.items():
        assert figures[name] == pytest.approx(value), name
    assert figures["word IoU"] == pytest.approx(100 * (0.99 / 1.03 + 0.79 / 1.0) / 2)


def test_words_count_alike_whatever_their_utterance() -> None:
    one = np.array([[0.0, 1.0]])
    figures = boundary_figures([one + 0.04, TRUE], [one, TRUE])
    assert figures["mean ms"].value == pytest.approx(40 / 3)
