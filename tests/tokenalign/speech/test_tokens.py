from __future__ import annotations

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from tokenalign.speech.tokens import TokenReader
from tokenalign.speech.words import split_words


@pytest.fixture
def tokenizer() -> Tokenizer:
    """A token a word, and one that ends a text."""
    words = {"<end>": 0, "<unk>": 1, "one": 2, "two": 3, "Two,": 4}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        "$A <end>", special_tokens=[("<end>", 0)]
    )
    return tokenizer


def test_a_model_of_few_words_reads_them_bare_and_knows_no_others(tokenizer: Tokenizer) -> None:
    reader = TokenReader(tokenizer, ("one", "two"))

    assert [reader.ids(word) for word in split_words("One Two, three.")] == [(2,), (3,), ()]
    assert reader.closing == (0,)


def test_a_model_of_all_words_reads_them_as_written(tokenizer: Tokenizer) -> None:
    reader = TokenReader(tokenizer, None)

    assert [reader.ids(word) for word in split_words("one Two, three.")] == [(2,), (4,), (1,)]


def test_a_tokenizer_that_adds_nothing_ends_texts_by_nothing(tokenizer: Tokenizer) -> None:
    tokenizer.post_processor = processors.Sequence([])

    assert TokenReader(tokenizer, None).closing == ()
