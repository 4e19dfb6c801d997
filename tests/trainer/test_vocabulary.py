"""A trimmed vocabulary still spells every word."""

from __future__ import annotations

import string

import pytest
from tokenizers import Tokenizer

from trainer.vocabulary import SPECIALS, trimmed_pieces, word_piece_tokenizer

LETTERS = [*string.ascii_lowercase, *string.digits, *string.punctuation]


@pytest.fixture
def full() -> Tokenizer:
    """A full vocabulary: common words first, as published ones are."""
    words = ["[PAD]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "the", "dog", "##s", "déjà", "bark"]
    spelled = [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
    return word_piece_tokenizer([*words, *spelled, "##ing", "rain", "snow", "thunder"])


def test_specials_come_first_then_single_characters_then_what_captions_use(
    full: Tokenizer,
) -> None:
    pieces = trimmed_pieces(full, ["rain", "barking rain", "thunder"], size=10_000)

    assert tuple(pieces[:4]) == SPECIALS
    single = set(LETTERS) | {f"##{letter}" for letter in LETTERS}
    assert set(pieces[4 : 4 + len(single)]) == single
    assert pieces[4 + len(single)] == "rain"
    assert set(pieces[5 + len(single) : 8 + len(single)]) == {"bark", "##ing", "thunder"}
    assert not {"[unused1]", "déjà"} & set(pieces)
    assert len(set(pieces)) == len(pieces)


def test_what_captions_use_outlasts_what_they_do_not(full: Tokenizer) -> None:
    size = 4 + 2 * len(LETTERS) + 3

    pieces = trimmed_pieces(full, ["rain", "rain", "thunder", "barking"], size)

    assert len(pieces) == size
    assert "rain" in pieces
    assert not {"snow", "the"} & set(pieces)


@pytest.mark.parametrize("word", ["zyzzyva", "R2D2", "semi-automatic?", "a" * 90])
def test_any_ascii_word_can_be_spelled(full: Tokenizer, word: str) -> None:
    tokenizer = word_piece_tokenizer(trimmed_pieces(full, [], 4 + 2 * len(LETTERS)))

    tokens = tokenizer.encode(word).tokens

    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
    assert "".join(token.removeprefix("##") for token in tokens[1:-1]) == word.lower()


def test_what_cannot_be_spelled_is_unknown(full: Tokenizer) -> None:
    assert full.encode("雨").tokens == ["[CLS]", "[UNK]", "[SEP]"]
