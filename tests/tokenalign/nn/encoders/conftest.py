"""Small published-like models with random weights, saved as transformers saves them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizer,
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

WORDS = ["a", "dog", "barks", "then", "rain", "bark", "##s"]


def roberta_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level pieces between <s> and </s>, as RoBERTa's, with single bytes only."""
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: index for index, piece in enumerate([*specials, *letters])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )


@pytest.fixture
def roberta_folder(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    folder, tokenizer = tmp_path / "roberta", roberta_tokenizer()
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


@pytest.fixture
def small_clap() -> ClapConfig:
    """A CLAP of 16 features on either side, with the published model's spectrogram."""
    return ClapConfig(
        text_config={
            "vocab_size": len(roberta_tokenizer()),
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 32,
            "max_position_embeddings": 140,
        },
        audio_config={
            "depths": [1, 1, 1, 1],
            "num_attention_heads": [1, 1, 2, 2],
            "patch_embeds_hidden_size": 8,
            "hidden_size": 64,
        },
        projection_dim=16,
    )


@pytest.fixture
def clap_folder(tmp_path: Path, small_clap: ClapConfig) -> Path:
    torch.manual_seed(2)
    folder = tmp_path / "clap"
    ClapModel(small_clap).save_pretrained(folder)
    roberta_tokenizer().save_pretrained(folder)
    ClapFeatureExtractor(
        truncation="rand_trunc", frequency_min=50, frequency_max=14000
    ).save_pretrained(folder)
    return folder
