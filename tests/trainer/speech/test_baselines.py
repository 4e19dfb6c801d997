from __future__ import annotations

import numpy as np
import pytest

from trainer.speech.baselines import by_characters, by_energy, uniform

RATE = 8000


def bursts(
    *spans: tuple[float, float], seconds: float, noise: float = 0.001
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Loud noise during the spans, faint noise elsewhere."""
    chance = np.random.default_rng(1)
    samples = noise * chance.normal(size=round(seconds * RATE))
    for start, end in spans:
        at = slice(round(start * RATE), round(end * RATE))
        samples[at] += 0.1 * chance.normal(size=len(samples[at]))
    return samples.astype(np.float32)


def test_uniform_by_hand() -> None:
    samples = np.zeros(RATE, np.float32)
    assert uniform(samples, RATE, ["a", "bcd"]).tolist() == [[0, 0.5], [0.5, 1]]


def test_by_characters_by_hand() -> None:
    samples = np.zeros(RATE, np.float32)
    assert by_characters(samples, RATE, ["a", "bcd"]).tolist() == [[0, 0.25], [0.25, 1]]


@pytest.mark.parametrize("noise", [0.001, 0.02])
def test_energy_finds_words_between_pauses(noise: float) -> None:
    true = ((0.3, 0.6), (0.75, 1.1), (1.3, 1.5))
    samples = bursts(*true, seconds=2.0, noise=noise)
    found = by_energy(samples, RATE, ["nine", "seven", "two"])
    np.testing.assert_allclose(found, true, atol=0.04)


def test_energy_without_pauses_shares_by_characters() -> None:
    samples = bursts((0.5, 1.5), seconds=2.0)
    found = by_energy(samples, RATE, ["a", "bcd"])
    assert found[0, 0] == pytest.approx(0.5, abs=0.06)
    assert found[1, 1] == pytest.approx(1.5, abs=0.06)
    assert found[0, 1] == pytest.approx(0.75, abs=0.16)


def test_in_silence_energy_falls_back_on_characters() -> None:
    samples = np.zeros(RATE, np.float32)
    assert by_energy(samples, RATE, ["a", "bcd"]).tolist() == [[0, 0.25], [0.25, 1]]


def test_more_words_than_energy_has_steps_still_get_places() -> None:
    found = by_energy(bursts((0.1, 0.13), seconds=0.3), RATE, ["one"] * 20)
    assert found.shape == (20, 2)
    assert (found[:, 1] >= found[:, 0]).all()
