"""The masked softmax by hand and where nothing is."""

from __future__ import annotations

import math

import pytest
import torch

from tokenalign.nn.levels.masking import masked_softmax


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
