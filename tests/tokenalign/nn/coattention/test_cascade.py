"""The cascades: what they share, what tells them apart, and what padding may not do."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
import torch

from tests.tokenalign.nn.coattention.toys import SMALL, mask_of
from tokenalign.errors import TokenAlignError
from tokenalign.nn.coattention.attention import Side, placed
from tokenalign.nn.coattention.cascade import Cascade, EncoderDecoder, cascade_of
from tokenalign.nn.coattention.config import CascadeKind, CoAttentionConfig

KINDS: tuple[CascadeKind, ...] = get_args(CascadeKind)
each_kind = pytest.mark.parametrize("kind", KINDS)


def cascade(kind: CascadeKind, *, depth: int = 2) -> Cascade | EncoderDecoder:
    torch.manual_seed(4)
    return cascade_of(replace(SMALL, cascade=kind, depth=depth)).eval()


def side_of(lengths: list[int], size: int, *, seed: int) -> Side:
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(len(lengths), size, SMALL.width, generator=generator)
    return Side(states, mask_of(lengths, size))


def parameters(module: torch.nn.Module) -> int:
    return sum(one.numel() for one in module.parameters())


def test_one_layer_is_the_same_stacked_and_iterated() -> None:
    stacked, iterated = cascade("stacked", depth=1), cascade("iterated", depth=1)
    iterated.load_state_dict(stacked.state_dict())
    text, audio = side_of([3, 2], 3, seed=1), side_of([4, 1], 4, seed=2)

    ours, theirs = stacked(text, audio), iterated(text, audio)

    assert torch.equal(ours[0].states, theirs[0].states)
    assert torch.equal(ours[1].states, theirs[1].states)


def test_an_iterated_cascade_is_its_one_layer_again_and_again() -> None:
    iterated = cascade("iterated", depth=3)
    assert isinstance(iterated, Cascade)
    text, audio = side_of([3, 2], 3, seed=1), side_of([4, 1], 4, seed=2)
    (layer,) = iterated.layers

    by_hand = layer(*layer(*layer(text, audio)))

    assert torch.equal(iterated(text, audio)[0].states, by_hand[0].states)


def test_a_stacked_cascade_has_weights_of_its_own_in_every_layer() -> None:
    one, three = cascade("stacked", depth=1), cascade("stacked", depth=3)
    again = cascade("iterated", depth=3)

    assert parameters(three) == 3 * parameters(one)
    assert parameters(again) == parameters(one)


@each_kind
def test_each_side_reads_the_other(kind: CascadeKind) -> None:
    module = cascade(kind)
    text, audio = side_of([3], 3, seed=1), side_of([4], 4, seed=2)
    other_text, other_audio = side_of([3], 3, seed=5), side_of([4], 4, seed=6)

    told, heard = module(text, audio)

    assert not torch.allclose(told.states, module(text, other_audio)[0].states)
    assert not torch.allclose(heard.states, module(other_text, audio)[1].states)


@each_kind
def test_padding_changes_nothing(kind: CascadeKind) -> None:
    module = cascade(kind)
    text, audio = side_of([3], 3, seed=1), side_of([4], 4, seed=2)
    padded_text, padded_audio = side_of([3], 6, seed=7), side_of([4], 9, seed=8)
    padded_text.states[:, :3], padded_audio.states[:, :4] = text.states, audio.states

    told, heard = module(padded_text, padded_audio)

    alone = module(text, audio)
    assert torch.allclose(told.states[:, :3], alone[0].states, atol=1e-6)
    assert torch.allclose(heard.states[:, :4], alone[1].states, atol=1e-6)


@each_kind
def test_a_side_without_entries_stays_finite(kind: CascadeKind) -> None:
    told, heard = cascade(kind)(side_of([0], 3, seed=1), side_of([0], 4, seed=2))

    assert told.states.isfinite().all()
    assert heard.states.isfinite().all()


def test_places_tell_entries_apart_whatever_follows() -> None:
    same = torch.zeros(1, 4, SMALL.width)

    told = placed(same)[0]

    assert len({tuple(row) for row in told.tolist()}) == 4
    assert torch.equal(placed(same[:, :2])[0], told[:2])


def test_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(TokenAlignError, match="depth: 0 is too small"):
        CoAttentionConfig(depth=0)
    with pytest.raises(TokenAlignError, match="width: 20 does not fit 4 heads"):
        CoAttentionConfig(width=20)
