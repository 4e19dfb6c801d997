"""The NumPy front end against torchaudio, against itself in pieces, and by hand."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.audio.frontend import FrontEnd, LogMel, mel_weights
from tokenalign.errors import TokenAlignError

FRONT_ENDS = [
    FrontEnd(),
    FrontEnd(sample_rate=16000, window_samples=512, hop_samples=160, mel_bands=80, high_hz=8000.0),
    FrontEnd(sample_rate=32000, window_samples=800, hop_samples=320, mel_bands=128, low_hz=0.0),
]


def noise(size: int, seed: int = 0) -> NDArray[np.float32]:
    return (0.1 * np.random.default_rng(seed).standard_normal(size)).astype(np.float32)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
@pytest.mark.filterwarnings("ignore:At least one mel filterbank has all zero values")
def test_power_equals_torchaudio_on_the_padded_signal(front_end: FrontEnd) -> None:
    torch = pytest.importorskip("torch")
    transforms = pytest.importorskip("torchaudio.transforms")
    samples = noise(front_end.sample_rate + 7)
    spectrogram = transforms.MelSpectrogram(
        sample_rate=front_end.sample_rate,
        n_fft=front_end.window_samples,
        hop_length=front_end.hop_samples,
        f_min=front_end.low_hz,
        f_max=front_end.high_hz,
        n_mels=front_end.mel_bands,
        center=False,
        norm=None,
        mel_scale="htk",
    )
    padding = (front_end.window_samples - front_end.hop_samples) // 2
    padded = np.pad(samples, (padding, front_end.window_samples))
    frames = -(-samples.size // front_end.hop_samples)
    expected = spectrogram(torch.from_numpy(padded)).numpy().T[:frames]

    ours = LogMel(front_end).power(samples)

    assert ours.shape == expected.shape == (frames, front_end.mel_bands)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)
    log_mel = LogMel(front_end)(samples)
    by_hand = (np.log(expected + front_end.floor) + front_end.offset) / front_end.scale
    np.testing.assert_allclose(log_mel, by_hand, atol=1e-4)


SLANEY = FrontEnd(
    sample_rate=48000, window_samples=1024, hop_samples=480, high_hz=14000.0, mel_scale="slaney"
)


@pytest.mark.parametrize("front_end", [FrontEnd(), replace(SLANEY, floor=1e-10, offset=0.0)])
def test_silence_is_quiet(front_end: FrontEnd) -> None:
    silence = np.zeros(3 * front_end.hop_samples, np.float32)
    np.testing.assert_allclose(LogMel(front_end)(silence), front_end.quiet, rtol=1e-5)


@pytest.mark.parametrize("low_hz", [0.0, 50.0, 1500.0])
def test_slaney_bands_are_torchaudios(low_hz: float) -> None:
    functional = pytest.importorskip("torchaudio.functional")
    expected = functional.melscale_fbanks(
        513, low_hz, 14000.0, 64, 48000, norm="slaney", mel_scale="slaney"
    )
    bands = mel_weights(replace(SLANEY, low_hz=low_hz))
    assert bands.shape == (513, 64)
    np.testing.assert_allclose(bands, expected.numpy(), rtol=1e-3, atol=1e-6)


PASST = FrontEnd(
    window_samples=799,
    mel_bands=128,
    low_hz=0.0,
    high_hz=15000.0,
    mel_scale="kaldi",
    fft_samples=1024,
    pre_emphasis=0.97,
)


def test_kaldi_bands_are_torchaudios() -> None:
    kaldi = pytest.importorskip("torchaudio.compliance.kaldi")
    expected, _ = kaldi.get_mel_banks(128, 1024, 32000, 0.0, 15000.0, 100.0, -500.0, 1.0)
    np.testing.assert_allclose(mel_weights(PASST)[:-1].T, expected.numpy(), atol=1e-4)
    assert not mel_weights(PASST)[-1].any()


def test_pre_emphasis_takes_a_share_of_each_sample_off_the_next() -> None:
    samples = noise(10_000)
    before = np.concatenate([np.zeros(1, np.float32), samples[:-1]])
    emphasised = (samples - 0.97 * before).astype(np.float32)
    expected = LogMel(replace(PASST, pre_emphasis=0.0)).power(emphasised)
    np.testing.assert_allclose(LogMel(PASST).power(samples), expected, rtol=1e-5)


def test_a_window_filled_up_with_zeros_is_the_same_window_in_a_longer_one() -> None:
    front_end = FrontEnd(window_samples=512, hop_samples=320, fft_samples=1024)
    samples = noise(3200)
    window = np.concatenate([0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512), np.zeros(512)])
    padded = np.concatenate([np.zeros(96), samples, np.zeros(1024)])
    for frame, power in enumerate(LogMel(front_end).power(samples)):
        spectrum = np.fft.rfft(padded[320 * frame :][:1024] * window)
        np.testing.assert_allclose(
            power, np.abs(spectrum) ** 2 @ mel_weights(front_end), rtol=1e-3, atol=1e-5
        )


def test_other_mel_scales_are_refused() -> None:
    with pytest.raises(TokenAlignError):
        FrontEnd(mel_scale="bark")  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, 1, 319, 320, 321, 40_000, 41_000, 41_600, 100_003])
def test_frames_equal_a_loop_over_windows(size: int) -> None:
    front_end = FrontEnd()
    samples = noise(size)
    frames = -(-size // 320)
    padded = np.concatenate([np.zeros(352), samples, np.zeros(2048)])
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    expected = np.zeros((frames, 64))
    for i in range(frames):
        spectrum = np.fft.rfft(padded[320 * i : 320 * i + 1024] * hann)
        expected[i] = np.abs(spectrum) ** 2 @ mel_weights(front_end)

    ours = LogMel(front_end).power(samples)

    assert ours.dtype == np.float32
    assert ours.shape == (frames, 64)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("front_end", [FrontEnd(), PASST], ids=["plain", "passt"])
@pytest.mark.parametrize("block_samples", [100, 1024, 33_333, 200_000])
def test_stream_gives_the_same_bits_for_blocks_of_any_size(
    block_samples: int, front_end: FrontEnd
) -> None:
    log_mel = LogMel(front_end)
    samples = noise(130_001)
    blocks = [samples[i : i + block_samples] for i in range(0, samples.size, block_samples)]

    streamed = list(log_mel.stream([np.empty(0, np.float32), *blocks, np.empty(0, np.float32)]))

    np.testing.assert_array_equal(np.concatenate(streamed), log_mel(samples))
    assert all(len(piece) for piece in streamed)


def test_stream_yields_before_its_source_ends() -> None:
    def endless() -> Iterator[NDArray[np.float32]]:
        while True:
            yield noise(32_000)

    assert next(LogMel(FrontEnd()).stream(endless())).shape[1] == 64


def test_no_samples_give_no_frames() -> None:
    log_mel = LogMel(FrontEnd())
    assert log_mel(np.empty(0, np.float32)).shape == (0, 64)
    assert list(log_mel.stream([])) == []


def test_a_click_is_loudest_in_the_frame_centred_on_it() -> None:
    samples = np.zeros(32_000, np.float32)
    samples[320 * 40 + 160] = 1.0
    assert LogMel(FrontEnd()).power(samples).sum(axis=1).argmax() == 40


def test_silence_is_the_logarithm_of_the_floor() -> None:
    silence = LogMel(FrontEnd())(np.zeros(3200, np.float32))
    np.testing.assert_allclose(silence, (np.log(1e-5) + 4.5) / 5.0, rtol=1e-6)


def test_a_sine_peaks_in_the_band_that_holds_it() -> None:
    sine = np.sin(2 * np.pi * 1000 * np.arange(32_000) / 32_000).astype(np.float32)
    mel = 2595 * np.log10(1 + np.array([50.0, 1000.0, 16000.0]) / 700)
    nearest = round(float((mel[1] - mel[0]) / (mel[2] - mel[0]) * 65)) - 1
    assert LogMel(FrontEnd()).power(sine)[50].argmax() == nearest


def test_front_end_travels_and_compares_by_value() -> None:
    front_end = FrontEnd(mel_bands=80)
    assert pickle.loads(pickle.dumps(front_end)) == front_end
    assert len({front_end, FrontEnd(mel_bands=80), FrontEnd()}) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"hop_samples": 0},
        {"hop_samples": 2048},
        {"mel_bands": 0},
        {"low_hz": 20_000.0},
        {"high_hz": 17_000.0},
        {"floor": 0.0},
        {"scale": float("nan")},
        {"fft_samples": 512},
        {"pre_emphasis": 1.0},
    ],
)
def test_an_impossible_front_end_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(TokenAlignError, match="front end"):
        FrontEnd(**wrong)  # type: ignore[arg-type]
