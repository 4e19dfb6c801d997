"""The positional bias by hand and by loops."""

from __future__ import annotations

import math

import pytest
import torch

from tokenalign.nn.levels.gaussian_bias import LEAST_DEVIATION, GaussianBias, places


def test_places_are_centres_over_real_entries() -> None:
    mask = torch.tensor([[True, True, False], [True, True, True], [False, False, False]])

    found = places(mask)

    assert found[0].tolist() == [0.25, 0.75, 0.0]
    assert found[1].tolist() == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert found[2].tolist() == [0.0, 0.0, 0.0]


def test_bias_by_hand() -> None:
    bias = GaussianBias(heads=1, deviation=0.25, gate=0.5)

    found = bias(torch.tensor([[0.25, 0.5]]), torch.tensor([[[0.75]]]))

    # -(0.5²) / (2 · 0.25²) = -2 and -(0.25²) / (2 · 0.25²) = -0.5, through a gate of one half.
    assert found.shape == (1, 1, 1, 2, 1)
    assert found.flatten().tolist() == pytest.approx([-1.0, -0.25], abs=1e-6)


def test_bias_equals_loops_over_pairs() -> None:
    bias = GaussianBias(heads=2)
    with torch.no_grad():
        bias.raw_deviation.copy_(torch.tensor([-1.0, 0.5]))
        bias.gate_logit.copy_(torch.tensor([0.3, -2.0]))
    text = torch.rand(3, 4, generator=torch.Generator().manual_seed(1))
    frames = torch.rand(1, 2, 5, generator=torch.Generator().manual_seed(2))

    found = bias(text, frames)

    for b, c, h, n, m in torch.cartesian_prod(*map(torch.arange, (3, 2, 2, 4, 5))).tolist():
        sigma = math.log1p(math.exp([-1.0, 0.5][h])) + LEAST_DEVIATION
        gate = 1 / (1 + math.exp(-[0.3, -2.0][h]))
        by_hand = -gate * (text[b, n] - frames[0, c, m]).item() ** 2 / (2 * sigma**2)
        assert found[b, c, h, n, m].item() == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.parametrize("trainable", [True, False])
def test_deviation_is_learned_only_if_asked(trainable: bool) -> None:
    bias = GaussianBias(heads=2, deviation=1.0, trainable=trainable)

    bias(torch.tensor([[0.1]]), torch.tensor([[[0.7]]])).sum().backward()

    names = {name for name, parameter in bias.named_parameters() if parameter.grad is not None}
    assert names == ({"raw_deviation", "gate_logit"} if trainable else {"gate_logit"})
    assert bias.deviation().tolist() == pytest.approx([1.0, 1.0], abs=1e-6)
    assert "raw_deviation" in bias.state_dict()
