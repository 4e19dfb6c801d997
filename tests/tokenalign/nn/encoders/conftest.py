"""Small published-like models with random weights, saved as transformers saves them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizer,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

WORDS = ["a", "dog", "barks", "then", "rain", "bark", "##s"]


@pytest.fixture
def roberta_folder(tmp_path: Path, byte_tokenizer: PreTrainedTokenizerFast) -> Path:
    torch.manual_seed(1)
    folder, tokenizer = tmp_path / "roberta", byte_tokenizer
    config = RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=140,
    )
    RobertaModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def bert_folder(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    folder = tmp_path / "bert"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    tokenizer = BertTokenizer({piece: index for index, piece in enumerate(pieces)})
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=140,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
