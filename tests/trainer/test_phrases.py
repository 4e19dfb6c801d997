"""The bank gives the token encoder's states, each phrase encoded once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tokenalign.nn.levels.config import GLOBAL_ONLY, LevelsConfig
from tokenalign.nn.text import TokenEncoder
from trainer.distil import load_token_encoder, token_batch
from trainer.model import build_model
from trainer.phrases import PhraseBank, caption_tokens
from trainer.recipe import Recipe
from trainer.vocabulary import SPECIALS


def test_states_are_those_of_the_encoder_whatever_was_asked_for_before(
    bank: PhraseBank, tiny_text: Path
) -> None:
    encoder, tokenizer = load_token_encoder(tiny_text)
    bank.states(["rain falls on a very long tin roof", "a dog"])

    states, content = bank.states(["a dog barks", "a dog", "a dog barks"])

    ids, mask = token_batch(tokenizer, ["a dog barks", "a dog", "a dog barks"])
    with torch.no_grad():
        expected = encoder(ids, mask)
    assert states.shape == expected.shape
    torch.testing.assert_close(states[mask], expected[mask], atol=1e-5, rtol=0)
    assert torch.equal(content, mask & (ids >= len(SPECIALS)))


def test_a_phrase_is_encoded_once(bank: PhraseBank, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    encode = TokenEncoder.forward

    def counted(self: TokenEncoder, token_ids: Tensor, token_mask: Tensor) -> Tensor:
        seen.append(len(token_ids))
        return encode(self, token_ids, token_mask)

    monkeypatch.setattr(TokenEncoder, "forward", counted)

    bank.states(["a dog", "rain", "a dog"])
    bank.states(["rain", "a cat", "a dog"])

    assert seen == [2, 1]


def test_whole_captions_are_encoded_only_where_their_tokens_are_looked_at(
    tiny_recipe: Recipe, bank: PhraseBank
) -> None:
    texts = ["a dog barks and then rain falls", "meowing"]
    deaf, listening = (
        build_model(replace(tiny_recipe, levels=levels), 32).eval()
        for levels in (LevelsConfig(), GLOBAL_ONLY)
    )

    none, _ = caption_tokens(deaf, bank, texts)
    tokens, mask = caption_tokens(listening, bank, texts)

    states, content = bank.states(texts)
    assert none.shape == (2, 0, tiny_recipe.audio.width)
    assert torch.equal(mask, content)
    assert torch.allclose(tokens[mask], listening.head(states, content)[1][mask], atol=1e-5)


def test_of_a_text_that_is_too_long_the_beginning_is_read(bank: PhraseBank) -> None:
    words = "rain " * 200

    states, content = bank.fresh_states([words])

    longest = states.shape[1]
    assert longest == content.shape[1] < 200
    expected, _ = bank.fresh_states(["rain " * (longest - 2)])  # two are the marks at its ends
    torch.testing.assert_close(states, expected)
