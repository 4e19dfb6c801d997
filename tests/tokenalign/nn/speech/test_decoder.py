from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.speech.decoder import DecoderConfig, UnitDecoder

UNITS = 7


def decoder() -> UnitDecoder:
    torch.manual_seed(1)
    config = DecoderConfig(width=8, layers=2, heads=2, most_rows=6, most_units=12)
    return UnitDecoder(config, UNITS).eval()


def ones(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


def test_no_unit_is_seen_where_it_is_told() -> None:
    module, text = decoder(), torch.randn(1, 4, 8)
    units = torch.tensor([[1, 2, 3, 4, 5]])
    plain = module(text, ones(1, 4), units, ones(1, 5))
    for k in range(5):
        replaced = units.clone()
        replaced[:, k:] = 6
        found = module(text, ones(1, 4), replaced, ones(1, 5))
        torch.testing.assert_close(found[:, : k + 1], plain[:, : k + 1])
        assert not torch.allclose(found[:, k + 1], plain[:, k + 1])


def test_every_unit_and_the_end_have_a_place() -> None:
    logits = decoder()(torch.randn(2, 4, 8), ones(2, 4), torch.zeros(2, 5).long(), ones(2, 5))
    assert logits.shape == (2, 6, UNITS + 1)


def test_the_first_unit_is_told_from_the_text() -> None:
    module, units = decoder(), torch.tensor([[1, 2]])
    first, second = (
        module(text, ones(1, 4), units, ones(1, 2))[:, 0] for text in torch.randn(2, 1, 4, 8)
    )
    assert not torch.allclose(first, second)


def test_what_is_padded_is_not_looked_at() -> None:
    module, text, units = decoder(), torch.randn(1, 3, 8), torch.tensor([[1, 2, 3]])
    alone = module(text, ones(1, 3), units, ones(1, 3))
    padded = module(
        torch.cat([text, torch.full((1, 2, 8), 9.0)], dim=1),
        torch.tensor([[True] * 3 + [False] * 2]),
        torch.tensor([[1, 2, 3, 6, 6]]),
        torch.tensor([[True] * 3 + [False] * 2]),
    )
    torch.testing.assert_close(padded[:, :4], alone)
