"""The text side: padding and specials change nothing, phrases are unit vectors."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.text import PhraseHead, TextEncoder, TokenEncoder

SPECIALS = 4
CLS, SEP, UNKNOWN = 2, 3, 1


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    torch.manual_seed(1)
    config = TokenEncoder.small_config(vocabulary=50, width=32, layers=2, heads=2)
    text = TextEncoder(
        TokenEncoder(config),
        PhraseHead(state_width=32, width=16),
        Levels(LevelsConfig(), width=16),
        special_below=SPECIALS,
    )
    torch.nn.init.normal_(text.head.weigh.weight)  # as after training: tokens weigh differently
    return text.eval()


def framed_batch(phrases: list[list[int]], length: int) -> tuple[Tensor, Tensor]:
    """Ids and mask [P, length] of phrases framed by specials; the padding's ids are garbage."""
    ids = torch.full((len(phrases), length), 17)
    mask = torch.zeros(len(phrases), length, dtype=torch.bool)
    for row, phrase in enumerate(phrases):
        framed = [CLS, *phrase, SEP]
        ids[row, : len(framed)] = torch.tensor(framed)
        mask[row, : len(framed)] = True
    return ids, mask


@torch.no_grad()
def encode(encoder: TextEncoder, phrases: list[list[int]], length: int) -> tuple[Tensor, ...]:
    outputs: tuple[Tensor, ...] = encoder(*framed_batch(phrases, length))
    return outputs


def test_shapes_units_and_weights(encoder: TextEncoder) -> None:
    phrases, tokens, weights = encode(encoder, [[10, 11, 12], [13]], length=6)

    assert (phrases.shape, tokens.shape, weights.shape) == ((2, 16), (2, 6, 16), (2, 6))
    torch.testing.assert_close(phrases.norm(dim=-1), torch.ones(2))
    torch.testing.assert_close(tokens.norm(dim=-1), torch.ones(2, 6))
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(2))


def test_specials_and_padding_have_no_weight(encoder: TextEncoder) -> None:
    _, _, weights = encode(encoder, [[10, 11, UNKNOWN, 12], [13]], length=8)

    silent = torch.tensor(
        [[True, False, False, True, False, True, True, True], [True, False, *[True] * 6]]
    )
    assert (weights[silent] == 0.0).all()
    assert (weights[~silent] > 0.0).all()


def test_padding_changes_nothing(encoder: TextEncoder) -> None:
    phrases, tokens, weights = encode(encoder, [[10, 11]], length=4)
    padded = encode(encoder, [[10, 11], [12, 13, 14, 15, 16]], length=9)

    torch.testing.assert_close(padded[0][0], phrases[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(padded[1][0, :4], tokens[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(padded[2][0, :4], weights[0], atol=1e-6, rtol=0)


def test_a_phrase_of_unknown_words_is_the_same_whatever_stands_beside_it(
    encoder: TextEncoder,
) -> None:
    alone, _, _ = encode(encoder, [[UNKNOWN]], length=3)
    beside, _, weights = encode(encoder, [[UNKNOWN], [12, 13, 14, 15]], length=6)

    torch.testing.assert_close(beside[:1], alone, atol=1e-5, rtol=0)
    assert (weights[0, 3:] == 0.0).all()


def test_words_matter(encoder: TextEncoder) -> None:
    phrases, _, _ = encode(encoder, [[10, 11], [10, 12]], length=4)

    assert phrases[0] @ phrases[1] < 0.99


def test_fresh_heads_weigh_all_words_alike() -> None:
    head = PhraseHead(state_width=8, width=4).eval()
    content = torch.tensor([[False, True, True, False]])

    _, _, weights = head(torch.randn(1, 4, 8), content)

    torch.testing.assert_close(weights, torch.tensor([[0.0, 0.5, 0.5, 0.0]]))
