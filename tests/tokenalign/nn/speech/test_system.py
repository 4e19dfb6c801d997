from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.speech.compact import TELEPHONE
from tokenalign.nn.speech.system import Text, TextAlignedSpeech

MEL = torch.randn(1, 30, TELEPHONE.mel_bands, generator=torch.Generator().manual_seed(1))
LENGTHS = torch.tensor([30])


def ones(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


def text_of(*ids: int) -> Text:
    rows = torch.tensor([ids])
    return Text(rows, ones(1, len(ids)), torch.arange(len(ids))[None], rows == 1)


def fused(
    model: TextAlignedSpeech, mel: Tensor, text: Text, *, words: bool, speech: bool
) -> Tensor:
    heard = model.hear(mel, LENGTHS, text)
    return model.fuse(heard, keep_text=ones(1) & words, keep_speech=ones(1) & speech)


def test_speech_is_in_step_with_the_text(model: TextAlignedSpeech) -> None:
    heard = model.hear(MEL, LENGTHS, text_of(1, 2, 3, 1))
    assert heard.speech.shape == heard.text.shape == (1, 4, 8)
    assert heard.codes.shape == (1, 4, 2)
    assert heard.log_attention.shape == (1, 4, 4, 15)


def test_a_side_that_is_left_out_has_no_say(model: TextAlignedSpeech) -> None:
    text, other = text_of(1, 2, 3, 1), text_of(1, 5, 6, 1)
    model.train()
    for mel in (MEL, -3 * MEL):  # codes are found in what is heard
        model.hear(mel, LENGTHS, text)
    model.eval()
    without_speech = [fused(model, mel, text, words=True, speech=False) for mel in (MEL, -3 * MEL)]
    torch.testing.assert_close(*without_speech)
    with_speech = [fused(model, mel, text, words=True, speech=True) for mel in (MEL, -3 * MEL)]
    assert not torch.allclose(with_speech[0], with_speech[1])
    neither = [fused(model, MEL, each, words=False, speech=False) for each in (text, other)]
    torch.testing.assert_close(*neither)


def test_units_ahead_never_reach_what_tells_them(model: TextAlignedSpeech) -> None:
    states = fused(model, MEL, text_of(1, 2, 3, 1), words=True, speech=True)
    units = torch.tensor([[0, 1, 2, 3, 4, 0]])
    plain = model.decoder(states, ones(1, 4), units, ones(1, 6))
    for k in range(6):
        replaced = torch.cat([units[:, :k], (units[:, k:] + 1) % 5], dim=1)
        found = model.decoder(states, ones(1, 4), replaced, ones(1, 6))
        torch.testing.assert_close(found[:, : k + 1], plain[:, : k + 1])
