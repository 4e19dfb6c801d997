from __future__ import annotations

import pytest
import torch

from tokenalign.nn.speech.compact import TELEPHONE, CompactSpeech, CompactSpeechConfig


def encoder() -> CompactSpeech:
    torch.manual_seed(1)
    return CompactSpeech(CompactSpeechConfig(width=8, dilations=(1, 2), middle=1)).eval()


@pytest.mark.parametrize(("mel_frames", "frames"), [(6, 3), (7, 4), (20, 10)])
def test_two_mel_frames_make_a_frame(mel_frames: int, frames: int) -> None:
    states = encoder()(
        torch.randn(2, mel_frames, TELEPHONE.mel_bands), torch.tensor([mel_frames, 3])
    )
    assert states.last.shape == states.middle.shape == (2, frames, 8)
    assert states.mask.sum(dim=1).tolist() == [frames, 2]


def test_a_frame_lasts_20_ms() -> None:
    assert encoder().frame_hop_s == 0.02
    samples = torch.zeros(8000).numpy()
    assert encoder().log_mel(samples).shape == (100, TELEPHONE.mel_bands)


def test_what_lies_behind_the_end_is_not_looked_at() -> None:
    module, mel = encoder(), torch.randn(1, 11, TELEPHONE.mel_bands)
    alone = module(mel, torch.tensor([11]))
    longer = torch.cat([mel, torch.full((1, 9, TELEPHONE.mel_bands), 5.0)], dim=1)
    padded = module(longer, torch.tensor([11]))
    torch.testing.assert_close(padded.last[:, :6], alone.last)
    torch.testing.assert_close(padded.middle[:, :6], alone.middle)


def test_middle_and_last_states_are_of_different_depth() -> None:
    module, mel = encoder(), torch.randn(1, 40, TELEPHONE.mel_bands)
    changed = mel.clone()
    changed[:, 20] += 1.0
    before, after = (module(m, torch.tensor([40])) for m in (mel, changed))
    reach = [
        int(((a - b).abs().amax(dim=(0, 2)) > 1e-6).sum())
        for a, b in ((before.middle, after.middle), (before.last, after.last))
    ]
    assert reach == [4, 8]  # the deeper block, of dilation 2, reaches two frames further each way
