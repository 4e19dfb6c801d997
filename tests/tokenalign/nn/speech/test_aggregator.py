from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.speech.aggregator import Aggregated, Aggregator
from tokenalign.nn.speech.interface import SpeechStates


def aggregator() -> Aggregator:
    torch.manual_seed(1)
    return Aggregator(text_width=6, speech_width=4, width=8, heads=2)


def aggregate(text: Tensor, last: Tensor, middle: Tensor) -> Aggregated:
    mask = torch.tensor([[True, True, True, False]])
    found: Aggregated = aggregator()(text, SpeechStates(last, middle, mask))
    return found


def test_rows_are_distributions_over_real_frames() -> None:
    found = aggregate(torch.randn(1, 3, 6), torch.randn(1, 4, 4), torch.randn(1, 4, 4))
    attention = found.log_attention.exp()
    assert attention.shape == (1, 2, 3, 4)
    torch.testing.assert_close(attention.sum(dim=-1), torch.ones(1, 2, 3))
    assert attention[..., 3].eq(0).all()


def test_keys_come_from_the_last_layer_and_values_from_the_middle_one() -> None:
    text, last, middle = torch.randn(1, 3, 6), torch.randn(1, 4, 4), torch.randn(1, 4, 4)
    plain = aggregate(text, last, middle)
    other_middle = aggregate(text, last, middle + 1)
    other_last = aggregate(text, last.flip(1), middle)
    torch.testing.assert_close(other_middle.log_attention, plain.log_attention)
    assert not torch.allclose(other_middle.states, plain.states)
    assert not torch.allclose(other_last.log_attention, plain.log_attention)


def test_where_all_attention_is_on_one_frame_its_value_is_what_is_heard() -> None:
    module = aggregator()
    text, middle = torch.randn(1, 2, 6), torch.randn(1, 4, 4)
    only = torch.tensor([[False, True, False, False]])
    found = module(text, SpeechStates(torch.randn(1, 4, 4), middle, only))
    expected = module.out(module.value(middle[:, 1]))
    torch.testing.assert_close(found.states, expected.unsqueeze(1).expand(1, 2, 8))
