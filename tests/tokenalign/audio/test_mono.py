"""Mixing and resampling arrays."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.audio.mono import is_finite, resampled, to_mono
from tokenalign.errors import TokenAlignError


def test_channels_are_averaged() -> None:
    samples = np.array([[0.5, -0.5, 0.3], [1.0, 0.5, 0.0]])
    mono = to_mono(samples, 32_000, target_rate=32_000)
    assert mono.dtype == np.float32
    np.testing.assert_allclose(mono, [0.1, 0.5], atol=1e-7)


@pytest.mark.parametrize("sample_rate", [4_000, 44_100, 48_000, 192_000, 768_000])
def test_a_tone_keeps_its_pitch_and_level(sample_rate: int) -> None:
    time_s = np.arange(sample_rate) / sample_rate
    mono = to_mono(np.sin(2 * np.pi * 440 * time_s), sample_rate, target_rate=32_000)
    expected = np.sin(2 * np.pi * 440 * np.arange(32_000) / 32_000)
    assert mono.shape == (32_000,)
    np.testing.assert_allclose(mono[1000:-1000], expected[1000:-1000], atol=1e-3)


@pytest.mark.parametrize("sample_rate", [8_000, 32_000, 44_100, 96_000])
@pytest.mark.parametrize("block_samples", [777, 30_000])
def test_blocks_are_resampled_without_a_seam(sample_rate: int, block_samples: int) -> None:
    samples = np.random.default_rng(0).standard_normal(100_003).astype(np.float32)
    blocks = [samples[i : i + block_samples] for i in range(0, samples.size, block_samples)]
    streamed = np.concatenate(list(resampled(blocks, sample_rate, target_rate=32_000)))
    np.testing.assert_allclose(
        streamed, to_mono(samples, sample_rate, target_rate=32_000), atol=1e-5
    )


@pytest.mark.parametrize(
    ("samples", "sample_rate", "words"),
    [
        (np.zeros((2, 48_000)), 48_000, "shape"),
        (np.zeros((4, 2, 2)), 48_000, "shape"),
        (np.zeros((4, 0)), 48_000, "shape"),
        (np.zeros(4, np.int16), 48_000, "int16"),
        (np.zeros(4), 100, "sample rate"),
        (np.array([0.0, np.nan]), 48_000, "non-finite"),
        (np.array([[0.0, np.inf], [0.0, -np.inf]]), 48_000, "non-finite"),
        (np.array([1e200]), 48_000, "non-finite"),
    ],
)
def test_what_cannot_be_samples_is_refused(
    samples: NDArray[np.float64], sample_rate: int, words: str
) -> None:
    with pytest.raises(TokenAlignError, match=words) as caught:
        to_mono(samples, sample_rate, target_rate=32_000)
    assert caught.value.hint


def test_no_samples_are_finite() -> None:
    assert is_finite(np.zeros(0, np.float32))
    assert to_mono(np.zeros(0), 48_000, target_rate=32_000).shape == (0,)
