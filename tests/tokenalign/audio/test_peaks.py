"""Outlines of sounds against sorting the samples by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tokenalign.audio import peaks as peaks_module
from tokenalign.audio.peaks import Peaks, peaks, peaks_of_region
from tokenalign.errors import AudioFileError

RATE = 8_000


def naive(samples: NDArray[np.float64], bins: int) -> tuple[list[float], list[float]]:
    """Each sample put into its stretch, one by one."""
    stretches: list[list[float]] = [[] for _ in range(bins)]
    for position, values in enumerate(samples):
        stretches[position * bins // len(samples)].extend(values.tolist())
    return [min(values) for values in stretches], [max(values) for values in stretches]


@pytest.fixture
def noise() -> NDArray[np.float64]:
    return np.random.default_rng(3).uniform(-0.9, 0.9, (10_007, 3))


@pytest.fixture
def noise_path(tmp_path: Path, noise: NDArray[np.float64]) -> Path:
    path = tmp_path / "noise.wav"
    soundfile.write(path, noise, RATE, subtype="DOUBLE")
    return path


@pytest.mark.parametrize("bins", [1, 7, 100, 10_007])
@pytest.mark.parametrize("block_samples", [1, 64, 1 << 18])
def test_outline_is_lowest_and_highest_sample_of_all_channels(
    noise_path: Path,
    noise: NDArray[np.float64],
    bins: int,
    block_samples: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peaks_module, "BLOCK_SAMPLES", block_samples)
    outline = peaks(noise_path, bins=bins)
    low, high = naive(noise, bins)
    np.testing.assert_allclose(outline.low, low, atol=1e-6)
    np.testing.assert_allclose(outline.high, high, atol=1e-6)
    assert outline.duration_s == pytest.approx(10_007 / RATE)


def test_a_click_stands_in_its_stretch_alone(tmp_path: Path) -> None:
    samples = np.zeros(4 * RATE)
    samples[3 * RATE] = -0.5  # at 3 s of 4, in the first sample of the seventh of eight stretches
    soundfile.write(tmp_path / "click.wav", samples, RATE, subtype="FLOAT")
    outline = peaks(tmp_path / "click.wav", bins=8)
    assert outline.low.tolist() == [0, 0, 0, 0, 0, 0, -0.5, 0]
    assert not outline.high.any()
    assert outline.duration_s == 4.0


def test_no_more_stretches_than_samples(tmp_path: Path) -> None:
    samples = np.array([0.25, -0.5, 0.75])
    soundfile.write(tmp_path / "short.wav", samples, RATE, subtype="FLOAT")
    outline = peaks(tmp_path / "short.wav", bins=2000)
    assert outline.low.tolist() == outline.high.tolist() == samples.tolist()


def test_a_region_is_the_outline_of_its_samples(
    noise_path: Path, noise: NDArray[np.float64]
) -> None:
    outline = peaks_of_region(noise_path, start_s=0.25, end_s=0.75, bins=50)
    low, high = naive(noise[2000:6000], 50)
    np.testing.assert_allclose(outline.low, low, atol=1e-6)
    np.testing.assert_allclose(outline.high, high, atol=1e-6)
    assert outline.duration_s == 0.5


def test_a_region_is_cut_where_the_file_ends(noise_path: Path) -> None:
    outline = peaks_of_region(noise_path, start_s=1.0, end_s=9.0, bins=50)
    assert outline.duration_s == pytest.approx(2007 / RATE)
    assert len(outline.low) == 50
    assert len(peaks_of_region(noise_path, start_s=5.0, end_s=9.0, bins=50).low) == 0


def test_a_region_reads_no_more_than_it_needs(
    noise_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    whole_read = soundfile.SoundFile.read

    def counted(self: object, frames: int = -1, **how: object) -> NDArray[np.float32]:
        block: NDArray[np.float32] = whole_read(self, frames, **how)
        read.append(len(block))
        return block

    monkeypatch.setattr(soundfile.SoundFile, "read", counted)
    peaks_of_region(noise_path, start_s=0.5, end_s=0.6, bins=100)
    assert sum(read) == 800


def test_louder_than_full_scale_is_drawn_at_full_scale(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "hot.wav", np.array([3.0, -2.0]), RATE, subtype="FLOAT")
    outline = peaks(tmp_path / "hot.wav", bins=1)
    assert (outline.low.item(), outline.high.item()) == (-1.0, 1.0)


def test_a_damaged_file_has_the_outline_of_what_is_left(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(np.full(30_000, 0.5), RATE, "FLAC", "PCM_16")
    data = bytearray(path.read_bytes())
    middle = len(data) * 2 // 3
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(bytes(data))
    outline: Peaks = peaks(path, bins=100)
    assert 0 < outline.duration_s < 30_000 / RATE
    assert len(outline.low) == np.ceil(outline.duration_s * RATE / 300)
    np.testing.assert_allclose(outline.high, 0.5, atol=1e-4)


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.wav").write_text("not a sound")
    with pytest.raises(AudioFileError):
        peaks(tmp_path / "note.wav")
