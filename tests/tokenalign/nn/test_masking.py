"""Shares, biases and masks by hand, and where nothing is."""

from __future__ import annotations

import math

import pytest
import torch

from tokenalign.nn.masking import attention_bias, masked_softmax, own_tokens


def test_shares_by_hand_and_an_empty_row() -> None:
    logits = torch.tensor([[math.log(3.0), 0.0, 50.0], [1.0, 2.0, 3.0]], requires_grad=True)
    mask = torch.tensor([[True, True, False], [False, False, False]])

    shares = masked_softmax(logits, mask)
    shares.square().sum().backward()  # type: ignore[no-untyped-call]

    assert shares[0].tolist() == pytest.approx([0.75, 0.25, 0.0])
    assert shares[1].tolist() == [0.0, 0.0, 0.0]
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    assert not logits.grad[~mask].any()


def test_padding_takes_no_part_in_attention() -> None:
    mask = torch.tensor([[True, True, False]])

    weights = (torch.randn(1, 2, 3, 3) + attention_bias(mask)).softmax(dim=-1)

    assert not weights[..., 2].any()
    assert weights.sum(dim=-1).flatten().tolist() == pytest.approx([1.0] * 6)


def test_specials_count_only_where_a_text_has_nothing_else() -> None:
    real = torch.tensor([[True, True, True, False], [True, True, False, False]])
    special = torch.tensor([[True, False, True, True], [True, True, True, True]])

    assert own_tokens(real, special).tolist() == [
        [False, True, False, False],
        [True, True, False, False],
    ]
