from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from hear21passt.models import passt as original
from hear21passt.models.preprocess import AugmentMelSTFT
from torch import Tensor

from tokenalign.nn.encoders.passt import (
    PasstConfig,
    PasstEncoder,
    load_passt,
    passt_network,
    save_passt,
)
from tokenalign.nn.encoders.passt_mel import PasstMel

SMALL = PasstConfig(width=16, depth=2, heads=2, classes=3)
TEN_S = 320000


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The original prints its shapes at its first call."""
    monkeypatch.setattr(original, "first_RUN", False)


@pytest.fixture
def encoder() -> PasstEncoder:
    torch.manual_seed(3)
    encoder = PasstEncoder(passt_network(SMALL), SMALL)
    for parameter in encoder.parameters():  # the published initialisation is nearly flat
        torch.nn.init.normal_(parameter, std=0.3)
    return encoder


def original_mel(waveform: Tensor) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mel = AugmentMelSTFT(
            freqm=0, timem=0, fmax=15000, fmin_aug_range=10, fmax_aug_range=2000
        ).eval()
        spectrogram: Tensor = mel(waveform)
    return spectrogram


def original_patches(encoder: PasstEncoder, mel: Tensor) -> tuple[Tensor, Tensor]:
    """What hear21passt's own forward gives, and its states before it drops the patches."""
    kept: list[Tensor] = []
    hook = encoder.network.norm.register_forward_hook(
        lambda _module, _inputs, output: kept.append(output)
    )
    try:
        _, features = encoder.network(mel.unsqueeze(1))
    finally:
        hook.remove()
    return features, kept[0]


def test_log_mel_is_the_originals() -> None:
    waveform = 0.1 * torch.randn(2, 40000)
    mel = PasstMel().eval()(waveform)
    assert mel.shape == (2, 128, 125)
    torch.testing.assert_close(mel, original_mel(waveform), atol=1e-5, rtol=1e-5)


def test_training_jitters_the_edges_of_the_band() -> None:
    waveform = 0.1 * torch.randn(1, 4000)
    mel = PasstMel()
    assert not torch.equal(mel(waveform), mel(waveform))
    assert torch.equal(mel.eval()(waveform), mel(waveform))


@torch.no_grad()
def test_frames_are_the_mean_over_frequency_of_the_originals_patches(
    encoder: PasstEncoder,
) -> None:
    encoder.eval()
    waveform = 0.1 * torch.randn(2, TEN_S)
    features, states = original_patches(encoder, original_mel(waveform))
    frames, mask, hop_s = encoder(waveform, torch.full((2,), 10.0))
    assert hop_s == pytest.approx(0.16)
    assert mask.shape == (2, 62)
    assert mask.all()
    naive = torch.stack([states[:, 2 + column :: 62].mean(dim=1) for column in range(62)], dim=1)
    torch.testing.assert_close(frames, naive, atol=1e-4, rtol=1e-4)
    mel = encoder.mel(waveform).unsqueeze(1)
    own = encoder.states(mel, torch.arange(8), torch.arange(62))
    torch.testing.assert_close(own[:, :2].mean(dim=1), features, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_patchout_is_the_originals_for_the_same_draw(
    encoder: PasstEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, bands = torch.randperm(62), torch.randperm(8)
    monkeypatch.setattr(torch, "randperm", lambda count: columns if count == 62 else bands)
    encoder.network.s_patchout_t, encoder.network.s_patchout_f = 15, 2
    mel = 0.3 * torch.randn(2, 128, 1000)
    _, states = original_patches(encoder.train(), mel)
    own = encoder.states(mel.unsqueeze(1), bands[:6].sort().values, columns[:47].sort().values)
    torch.testing.assert_close(own, states, atol=1e-4, rtol=1e-4)


def test_training_leaves_columns_out_in_their_places(
    encoder: PasstEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.train()
    waveform = 0.1 * torch.randn(2, TEN_S)
    monkeypatch.setattr(encoder.mel, "training", False)
    asked: list[Tensor] = []
    states = encoder.states

    def watched(mel: Tensor, bands: Tensor, columns: Tensor) -> Tensor:
        asked.append(columns)
        assert len(bands) == 6
        return states(mel, bands, columns)

    monkeypatch.setattr(encoder, "states", watched)
    frames, mask, _ = encoder(waveform, torch.full((2,), 10.0))
    assert mask.sum(dim=1).tolist() == [47, 47]
    assert mask[0].nonzero().flatten().tolist() == asked[0].tolist()
    assert (frames[~mask] == 0).all()
    assert (frames[mask].abs().sum(dim=-1) > 0).all()
    frames.square().sum().backward()
    assert encoder.network.patch_embed.proj.weight.grad.abs().sum() > 0


def test_the_shortest_clip_keeps_a_frame_in_training(encoder: PasstEncoder) -> None:
    waveform = 0.1 * torch.randn(1, 1600)
    for _ in range(5):
        assert encoder.train()(waveform, torch.tensor([0.05])).mask.tolist() == [[True]]


@torch.no_grad()
def test_long_clips_have_no_seams(encoder: PasstEncoder) -> None:
    encoder.eval()
    waveform = 0.1 * torch.randn(1, 2 * TEN_S)
    frames, mask, _ = encoder(waveform, torch.tensor([20.0]))
    assert mask.shape == (1, 125)
    assert mask.all()
    first = encoder(waveform[:, :TEN_S], torch.tensor([10.0])).frames
    start = 46 * 5120
    second = encoder(waveform[:, start : start + TEN_S], torch.tensor([10.0])).frames
    torch.testing.assert_close(frames[:, :46], first[:, :46], atol=1e-4, rtol=1e-4)
    share = ((torch.arange(16) + 0.5) / 16)[:, None]
    faded = (1 - share) * first[:, 46:] + share * second[:, :16]
    torch.testing.assert_close(frames[:, 46:62], faded, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_padding_changes_nothing(encoder: PasstEncoder) -> None:
    encoder.eval()
    short = 0.1 * torch.randn(1, 96000)
    batch = torch.full((2, TEN_S), 0.5)
    batch[0, :96000] = short
    both = encoder(batch, torch.tensor([3.0, 10.0]))
    alone = encoder(short, torch.tensor([3.0]))
    assert both.mask[0].sum() == alone.mask.sum() == 19
    torch.testing.assert_close(both.frames[0, :19], alone.frames[0], atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_saved_and_loaded_it_is_the_same(encoder: PasstEncoder, tmp_path: Path) -> None:
    save_passt(encoder.network, SMALL, tmp_path / "passt")
    loaded = load_passt(tmp_path / "passt")
    assert loaded.training
    assert (loaded.width, loaded.sample_rate) == (16, 32000)
    waveform, length_s = 0.1 * torch.randn(1, 32000), torch.tensor([1.0])
    assert torch.equal(
        loaded.eval()(waveform, length_s).frames, encoder.eval()(waveform, length_s).frames
    )
