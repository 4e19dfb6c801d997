"""Spectrograms of known tones, and against one window after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tokenalign.audio.spectrogram import BANDS, Spectrogram, spectrogram
from tokenalign.errors import AudioFileError

RATE = 16_000
WINDOW = 512  # 32 ms: of the powers of two, the nearest to 40 ms


def save(path: Path, samples: NDArray[np.float64]) -> Path:
    soundfile.write(path, samples, RATE, format="WAV", subtype="FLOAT")
    return path


def sine(frequency_hz: float, duration_s: float, amplitude: float = 1.0) -> NDArray[np.float64]:
    time_s = np.arange(round(duration_s * RATE)) / RATE
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency_hz * time_s))


def edges_hz(picture: Spectrogram) -> NDArray[np.float64]:
    """The edges [F + 1] of the bands, from the definition of mel."""
    low, high = [2595 * np.log10(1 + hz / 700) for hz in (picture.low_hz, picture.high_hz)]
    return np.asarray(700 * (10 ** (np.linspace(low, high, BANDS + 1) / 2595) - 1))


@pytest.mark.parametrize("frequency_hz", [80.0, 250.0, 1_000.0, 3_125.0, 7_000.0])
@pytest.mark.parametrize("level_db", [0.0, -20.0, -60.0])
def test_a_sine_stands_in_its_band_at_its_level(
    tmp_path: Path, frequency_hz: float, level_db: float
) -> None:
    path = save(tmp_path / "sine", sine(frequency_hz, 1.0, 10 ** (level_db / 20)))
    picture = spectrogram(path, start_s=0.1, end_s=0.9, columns=20)
    own = int(np.searchsorted(edges_hz(picture), frequency_hz)) - 1
    assert picture.levels_db.shape == (BANDS, 20)
    assert np.abs(picture.levels_db.argmax(axis=0) - own).max() <= 1
    # Half way between two bins a Hann window shows 1.4 dB less.
    np.testing.assert_allclose(picture.levels_db.max(axis=0), level_db, atol=1.5)
    far = np.abs(np.arange(BANDS) - own) > 30
    assert picture.levels_db[far].max() < level_db - 30


def test_height_of_a_frequency(tmp_path: Path) -> None:
    path = save(tmp_path / "sine", sine(1_000.0, 0.2))
    picture = spectrogram(path, start_s=0.0, end_s=0.2, columns=4)
    assert (picture.low_hz, picture.high_hz) == (30.0, 8_000.0)
    assert picture.height_of(30.0) == pytest.approx(0.0)
    assert picture.height_of(8_000.0) == pytest.approx(1.0)
    assert picture.height_of(1_000.0) == pytest.approx((999.99 - 47.30) / (2840.02 - 47.30), 1e-3)


def naive_column(
    samples: NDArray[np.float64], starts: list[int], picture: Spectrogram
) -> NDArray[np.float64]:
    """Levels of one column: the strongest power of each bin, then band by band, bin by bin."""
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    padded = np.concatenate([np.zeros(WINDOW), samples, np.zeros(WINDOW)])
    power = np.zeros(WINDOW // 2 + 1)
    for start in starts:
        window = padded[start + WINDOW : start + 2 * WINDOW] * shape
        power = np.maximum(power, np.abs(np.fft.rfft(window) * 2 / shape.sum()) ** 2)
    column = np.empty(BANDS)
    edges = edges_hz(picture)
    mel = 2595 * np.log10(1 + edges / 700)
    centres = 700 * (10 ** ((mel[:-1] + mel[1:]) / 2 / 2595) - 1)
    bins_hz = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    for band in range(BANDS):
        inside = power[(bins_hz >= edges[band]) & (bins_hz < edges[band + 1])]
        level = max([float(np.interp(centres[band], bins_hz, power)), *inside])
        column[band] = 10 * np.log10(max(level, 1e-12))
    return column


def test_overlapping_windows_equal_the_naive_reference(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).uniform(-1, 1, 3_000)
    path = save(tmp_path / "noise", samples)
    picture = spectrogram(path, start_s=0.0, end_s=3_000 / RATE, columns=30)
    for column in (0, 7, 29):  # a column is 100 samples: one window around its middle
        expected = naive_column(samples, [column * 100 + 50 - 256], picture)
        np.testing.assert_allclose(picture.levels_db[:, column], expected, atol=1e-2)


def test_a_long_column_is_judged_by_eight_windows_in_its_middle(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).uniform(-1, 1, 2 * RATE)
    path = save(tmp_path / "noise", samples)
    picture = spectrogram(path, start_s=0.0, end_s=2.0, columns=2)
    middle = RATE // 2
    starts = [round(middle + 256 * (window - 3.5) - 256) for window in range(8)]
    expected = naive_column(samples, starts, picture)
    np.testing.assert_allclose(picture.levels_db[:, 0], expected, atol=1e-2)


def test_columns_stand_where_the_sound_is(tmp_path: Path) -> None:
    samples = np.concatenate([np.zeros(RATE), sine(1_000.0, 1.0), np.zeros(RATE)])
    path = save(tmp_path / "burst", samples)
    loudest = spectrogram(path, start_s=0.5, end_s=2.5, columns=40).levels_db.max(axis=0)
    assert (loudest[:9] == -120).all()
    assert (loudest[11:29] > -1.5).all()
    assert (loudest[31:] == -120).all()


def test_outside_the_file_is_silence(tmp_path: Path) -> None:
    path = save(tmp_path / "sine", sine(1_000.0, 0.5))
    loudest = spectrogram(path, start_s=-0.5, end_s=1.0, columns=30).levels_db.max(axis=0)
    assert (loudest[:9] == -120).all()
    assert (loudest[11:19] > -1.5).all()
    assert (loudest[21:] == -120).all()


def test_no_column_is_finer_than_can_be_seen(tmp_path: Path) -> None:
    path = save(tmp_path / "sine", sine(1_000.0, 0.5))
    assert spectrogram(path, start_s=0.1, end_s=0.2, columns=5_000).levels_db.shape[1] == 50
    assert spectrogram(path, start_s=0.2, end_s=0.2, columns=100).levels_db.shape == (BANDS, 0)


def test_hours_are_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "long", np.zeros(600 * RATE))
    read: list[int] = []
    whole_read = soundfile.SoundFile.read

    def counted(self: object, frames: int = -1, **how: object) -> NDArray[np.float32]:
        block: NDArray[np.float32] = whole_read(self, frames, **how)
        read.append(len(block))
        return block

    monkeypatch.setattr(soundfile.SoundFile, "read", counted)
    spectrogram(path, start_s=0.0, end_s=600.0, columns=100)
    assert sum(read) == 100 * (7 * 256 + WINDOW)
    read.clear()
    spectrogram(path, start_s=300.0, end_s=301.0, columns=500)
    assert RATE - WINDOW < sum(read) < RATE + 2 * WINDOW


def test_channels_are_averaged(tmp_path: Path) -> None:
    tone = sine(1_000.0, 0.5)
    soundfile.write(tmp_path / "a.wav", np.stack([tone, np.zeros_like(tone)], 1), RATE)
    picture = spectrogram(tmp_path / "a.wav", start_s=0.1, end_s=0.4, columns=5)
    np.testing.assert_allclose(picture.levels_db.max(axis=0), -6.02, atol=0.1)


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.wav").write_text("not a sound")
    with pytest.raises(AudioFileError):
        spectrogram(tmp_path / "note.wav", start_s=0, end_s=1, columns=10)
