"""A small model of text-aligned speech with random weights."""

from __future__ import annotations

import pytest
import torch

from tokenalign.nn.speech.compact import CompactSpeech, CompactSpeechConfig
from tokenalign.nn.speech.decoder import DecoderConfig
from tokenalign.nn.speech.quantiser import QuantiserConfig
from tokenalign.nn.speech.system import SpeechConfig, TextAlignedSpeech


@pytest.fixture
def model() -> TextAlignedSpeech:
    torch.manual_seed(1)
    config = SpeechConfig(
        text_width=8,
        text_blocks=1,
        heads=4,
        guided_heads=2,
        quantiser=QuantiserConfig(stages=2, codes=4),
        decoder=DecoderConfig(width=8, layers=1, heads=2, most_rows=16, most_units=32),
    )
    encoder = CompactSpeech(CompactSpeechConfig(width=8, dilations=(1, 2), middle=1))
    return TextAlignedSpeech(encoder=encoder, config=config, vocabulary=11, units=5).eval()
