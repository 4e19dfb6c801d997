from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from trainer.speech.tokens import build_tokenizer, read_rows


@pytest.fixture
def tokenizer() -> Tokenizer:
    return build_tokenizer(["seven", "two"], letters=2)


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    return [str(tokenizer.id_to_token(int(number))) for number in read_rows(tokenizer, text).ids]


def test_words_stand_between_gaps(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "two seven") == ["▁", "tw", "##o", "▁", "se", "##ve", "##n", "▁"]


def test_case_and_punctuation_do_not_matter(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, " Two,  SEVEN! ") == tokens(tokenizer, "two seven")


def test_rows_belong_to_words(tokenizer: Tokenizer) -> None:
    rows = read_rows(tokenizer, "two two")
    assert rows.owners == [-1, 0, 0, -1, 1, 1, -1]
    assert rows.gap.tolist() == [owner == -1 for owner in rows.owners]
    assert rows.word_of.tolist() == [0, 1, 1, 2, 3, 3, 4]
    assert rows.words == 2


def test_a_word_of_other_pieces_is_one_unknown_row(tokenizer: Tokenizer) -> None:
    assert tokens(tokenizer, "two banana") == ["▁", "tw", "##o", "▁", "[UNK]", "▁"]
    assert read_rows(tokenizer, "two banana").owners == [-1, 0, 0, -1, 1, -1]


def test_words_are_hidden_at_will(tokenizer: Tokenizer) -> None:
    rows = read_rows(tokenizer, "two seven two", {1})
    assert rows.ids.tolist() == read_rows(tokenizer, "two banana two").ids.tolist()
    assert rows.owners == [-1, 0, 0, -1, 1, -1, 2, 2, -1]


def test_with_single_letters_words_of_known_letters_are_known() -> None:
    tokenizer = build_tokenizer(["seven", "two"], letters=1)
    assert "[UNK]" in tokens(tokenizer, "west")  # no known word begins with w
    assert tokens(tokenizer, "teen") == ["▁", "t", "##e", "##e", "##n", "▁"]


def test_the_file_gives_what_the_program_reads_word_by_word(tokenizer: Tokenizer) -> None:
    read = Tokenizer.from_str(tokenizer.to_str())
    words = [read.encode(word, add_special_tokens=False).ids for word in ("two", "seven")]
    closing = read.encode("").ids
    assert [*words[0], *words[1], *closing] == read_rows(tokenizer, "two seven").ids.tolist()
