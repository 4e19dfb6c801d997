from __future__ import annotations

import numpy as np
import pytest

from trainer.speech.noise import noise, speech_power, with_noise

RATE = 8000


def speech() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A second of a tone of power 1/2 between two of silence."""
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    return np.concatenate([np.zeros(RATE, np.float32), tone, np.zeros(RATE, np.float32)])


def test_silence_does_not_make_speech_softer() -> None:
    assert speech_power(speech(), RATE) == pytest.approx(0.5, rel=1e-3)
    assert speech_power(np.zeros(RATE, np.float32), RATE) == 0.0


@pytest.mark.parametrize("ratio_db", [0.0, 10.0])
def test_noise_is_as_far_below_speech_as_asked(ratio_db: float) -> None:
    noisy = with_noise(speech(), RATE, ratio_db=ratio_db, chance=np.random.default_rng(1))
    added = noisy - speech()
    assert 10 * np.log10(0.5 / np.mean(np.square(added))) == pytest.approx(ratio_db, abs=0.01)


def test_no_noise_leaves_speech_as_it_is() -> None:
    clean = with_noise(speech(), RATE, ratio_db=float("inf"), chance=np.random.default_rng(1))
    assert clean is not None
    np.testing.assert_array_equal(clean, speech())


@pytest.mark.parametrize(("slope", "fall_db"), [(0.0, 0.0), (0.5, 3.0), (1.0, 6.0)])
def test_noise_falls_by_so_many_decibels_an_octave(slope: float, fall_db: float) -> None:
    count = 2**18
    power = np.abs(np.fft.rfft(noise(count, slope, np.random.default_rng(1)))) ** 2
    low, high = (
        power[int(a * count) : int(b * count)].mean() for a, b in ((0.1, 0.11), (0.2, 0.22))
    )
    assert 10 * np.log10(low / high) == pytest.approx(fall_db, abs=0.3)
