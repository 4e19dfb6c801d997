"""RoBERTa, BERT, MiniLM and their kind as text encoders, through transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from tokenalign.nn.encoders.interface import TextStates
from tokenalign.nn.masking import own_tokens

MAX_TOKENS = 128
"""Longer captions are cut; the longest of Clotho has 20 words."""


class TransformerText(nn.Module):
    """A `TextEncoder`.

    Texts are taken as they are: case and commas carry meaning, and an uncased tokenizer lowers
    by itself.

    Args:
        model: gives ``last_hidden_state`` of ``input_ids`` and ``attention_mask``. It comes in
            evaluation mode from transformers; here it starts in training mode, as every module.
        tokenizer: a fast one, which knows the offsets of tokens.
    """

    def __init__(self, model: nn.Module, tokenizer: PreTrainedTokenizerBase, width: int) -> None:
        super().__init__()
        self.model = model.train()
        self.tokenizer = tokenizer
        self._width = width

    @property
    def width(self) -> int:
        """C."""
        return self._width

    def forward(self, texts: Sequence[str]) -> TextStates:
        """See `TextEncoder`."""
        tokens: Any = self.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        device = next(self.model.parameters()).device
        real = tokens["attention_mask"].to(device)
        states: Tensor = self.model(
            input_ids=tokens["input_ids"].to(device), attention_mask=real
        ).last_hidden_state
        mask = own_tokens(real.bool(), tokens["special_tokens_mask"].to(device).bool())
        return TextStates(states=states, mask=mask, offsets=tokens["offset_mapping"].to(device))


def load_transformer_text(folder: Path) -> TransformerText:
    """The encoder of a folder as ``save_pretrained`` writes it, in training mode."""
    model: PreTrainedModel = AutoModel.from_pretrained(
        folder, use_safetensors=True, local_files_only=True, dtype=torch.float32
    )
    return TransformerText(model, load_tokenizer(folder), int(model.config.hidden_size))


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The fast tokenizer of a folder."""
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        folder, use_fast=True, local_files_only=True
    )
    return tokenizer
