from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.clap_audio import ClapAudio, load_clap_audio, load_extractor
from tokenalign.nn.encoders.clap_mel import ClapMel, repeated

TEN_S = 480000


def test_repeats_fit_whole_then_silence() -> None:
    samples = torch.tensor([[1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0], [4.0] * 8])
    assert repeated(samples, torch.tensor([3, 8])).tolist() == [
        [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 0.0, 0.0],
        [4.0] * 8,
    ]
    assert repeated(torch.zeros(1, 4), torch.tensor([0])).tolist() == [[0.0] * 4]


@pytest.mark.parametrize("samples", [TEN_S, 130000])
def test_log_mel_is_transformers(clap_folder: Path, samples: int) -> None:
    extractor = load_extractor(clap_folder)
    waveform = 0.1 * torch.randn(1, samples)
    padded = torch.nn.functional.pad(waveform, (0, TEN_S - samples))
    mel = ClapMel(extractor)(padded, torch.tensor([samples]))
    expected = extractor(waveform[0].numpy(), sampling_rate=48000, return_tensors="np")
    assert mel.shape == (1, 1, 1001, 64)
    assert np.abs(mel.numpy() - expected["input_features"]).max() < 0.01  # decibels


@torch.no_grad()
def test_the_mean_of_the_frames_is_what_clap_pools(clap_folder: Path) -> None:
    encoder = load_clap_audio(clap_folder).eval()
    waveform = 0.1 * torch.randn(1, TEN_S)
    frames, mask, hop_s = encoder(waveform, torch.tensor([10.0]))
    assert (encoder.sample_rate, encoder.width, hop_s) == (48000, 64, 0.3125)
    assert frames.shape == (1, 32, 64)
    assert mask.all()
    features = load_extractor(clap_folder)(
        waveform[0].numpy(), sampling_rate=48000, return_tensors="pt"
    )["input_features"]
    model = ClapModel.from_pretrained(clap_folder)
    pooled = model.audio_model(features.float()).pooler_output
    torch.testing.assert_close(frames.mean(dim=1), pooled, atol=1e-3, rtol=1e-3)


@torch.no_grad()
def test_frames_are_in_order_of_time(clap_folder: Path) -> None:
    encoder = load_clap_audio(clap_folder).eval()
    starts_s = (1, 8)
    waveform = 0.1 * torch.randn(1, TEN_S).repeat(3, 1)
    for row, start_s in enumerate(starts_s):
        waveform[row, start_s * 48000 : (start_s + 1) * 48000] *= 20
    frames = encoder(waveform, torch.full((3,), 10.0)).frames
    for row, start_s in enumerate(starts_s):
        difference = (frames[row] - frames[2]).norm(dim=-1)
        loudest_s = (int(difference.argmax()) + 0.5) * 0.3125
        assert abs(loudest_s - (start_s + 0.5)) < 1


@torch.no_grad()
def test_long_and_short_clips_in_one_batch(clap_folder: Path) -> None:
    encoder = load_clap_audio(clap_folder).eval()
    waveform = 0.1 * torch.randn(2, 15 * 48000)
    both = encoder(waveform, torch.tensor([15.0, 2.0]))
    assert both.mask.sum(dim=1).tolist() == [48, 6]
    alone = encoder(waveform[1:, :96000], torch.tensor([2.0]))
    torch.testing.assert_close(both.frames[1, :6], alone.frames[0], atol=1e-4, rtol=1e-4)
    first = encoder(waveform[:1, :TEN_S], torch.tensor([10.0]))
    torch.testing.assert_close(both.frames[0, :24], first.frames[0, :24], atol=1e-4, rtol=1e-4)


def test_gradients_reach_the_patches(clap_folder: Path) -> None:
    encoder = load_clap_audio(clap_folder)
    assert all(module.training for module in encoder.modules())
    encoder(0.1 * torch.randn(1, 48000), torch.tensor([1.0])).frames.square().sum().backward()
    gradient = encoder.model.audio_encoder.patch_embed.proj.weight.grad
    assert gradient is not None
    assert gradient.abs().sum() > 0


def test_fusion_is_refused(small_clap: ClapConfig) -> None:
    model = ClapModel(copy.deepcopy(small_clap)).audio_model
    model.config.enable_fusion = True
    with pytest.raises(TokenAlignError, match="fusion"):
        ClapAudio(model, ClapFeatureExtractor())
