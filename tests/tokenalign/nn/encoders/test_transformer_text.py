from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from tokenalign.nn.encoders.transformer_text import (
    MAX_TOKENS,
    TransformerText,
    load_transformer_text,
)


@torch.no_grad()
def test_states_are_those_of_transformers(roberta_folder: Path) -> None:
    encoder = load_transformer_text(roberta_folder).eval()
    states, mask, _ = encoder(["a dog", "rain, then"])
    tokenizer = AutoTokenizer.from_pretrained(roberta_folder)
    model = AutoModel.from_pretrained(roberta_folder)
    for row, text in enumerate(["a dog", "rain, then"]):  # one by one: no padding
        alone = model(**tokenizer([text], return_tensors="pt")).last_hidden_state[0]
        torch.testing.assert_close(states[row][mask[row]], alone[1:-1], atol=1e-5, rtol=1e-5)
    assert encoder.width == states.shape[-1] == 16


def test_specials_and_padding_are_masked_and_offsets_are_characters(bert_folder: Path) -> None:
    text = "A dog barks"
    states, mask, offsets = load_transformer_text(bert_folder)(["rain", text])
    assert states.shape == (2, 5, 16)
    assert mask.tolist() == [[False, True] + [False] * 3, [False, True, True, True, False]]
    words = [text[first:last] for first, last in offsets[1][mask[1]].tolist()]
    assert words == ["A", "dog", "barks"]


def test_a_text_without_tokens_keeps_its_specials(bert_folder: Path) -> None:
    _, mask, _ = load_transformer_text(bert_folder)(["", "rain"])
    assert mask.tolist() == [[True, True, False], [False, True, False]]


def test_long_texts_are_cut(roberta_folder: Path) -> None:
    states, mask, _ = load_transformer_text(roberta_folder)(["rain " * 100])
    assert states.shape[1] == MAX_TOKENS
    assert int(mask.sum()) == MAX_TOKENS - 2


@pytest.fixture
def encoder(roberta_folder: Path) -> TransformerText:
    return load_transformer_text(roberta_folder)


def test_it_starts_in_training_mode_with_dropout(encoder: TransformerText) -> None:
    assert all(module.training for module in encoder.modules())
    first, second = encoder(["a dog"]).states, encoder(["a dog"]).states
    assert not torch.equal(first, second)
    first.square().sum().backward()
    assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in encoder.parameters())
