from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.speech.corpus import (
    Corpus,
    Utterance,
    Word,
    read_corpus,
    read_split,
    write_corpus,
    write_split,
)

CORPUS = Corpus("mine", "audio", "train", "test", ("no", "yes"), "me", "CC0")
UTTERANCE = Utterance("a/b.wav", "yes", "me", 1.0, (Word("yes", 0.25, 0.5),))


def test_a_corpus_is_read_back(tmp_path: Path) -> None:
    write_split([UTTERANCE], tmp_path, "train")
    write_corpus(CORPUS, tmp_path)
    assert read_corpus(tmp_path) == CORPUS
    assert read_split(tmp_path, "train") == (UTTERANCE,)


def test_a_folder_that_was_not_prepared_names_the_commands(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"corpus\.json") as raised:
        read_corpus(tmp_path)
    assert "prepare digits" in raised.value.hint


def test_a_missing_split_tells_which_there_are(tmp_path: Path) -> None:
    write_split([UTTERANCE], tmp_path, "train")
    with pytest.raises(TokenAlignError) as raised:
        read_split(tmp_path, "test")
    assert "train" in raised.value.hint


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"audio": 3}\n')
    with pytest.raises(TokenAlignError, match=r"train\.jsonl, line 1"):
        read_split(tmp_path, "train")
