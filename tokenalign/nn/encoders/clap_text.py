"""LAION-CLAP's text side, a RoBERTa, as a text encoder."""

from __future__ import annotations

from pathlib import Path

from tokenalign.nn.encoders.clap_audio import load_clap
from tokenalign.nn.encoders.transformer_text import TransformerText, load_tokenizer


def load_clap_text(folder: Path) -> TransformerText:
    """The text side of a CLAP's folder, in training mode; its states are before the projection."""
    model = load_clap(folder).text_model
    return TransformerText(model, load_tokenizer(folder), int(model.config.hidden_size))
