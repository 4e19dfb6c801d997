"""The whole of text-aligned speech: what is trained together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tokenalign.nn.speech.aggregator import Aggregator
from tokenalign.nn.speech.decoder import DecoderConfig, UnitDecoder
from tokenalign.nn.speech.interface import SpeechEncoder, SpeechStates
from tokenalign.nn.speech.quantiser import QuantiserConfig, ResidualQuantiser
from tokenalign.nn.speech.text import TokenContext, per_word


@dataclass(frozen=True)
class SpeechConfig:
    """Sizes of everything behind the encoder.

    Attributes:
        text_width: of the queries.
        text_blocks: how far they know their neighbours.
        heads: of the aggregator.
        guided_heads: how many of them, from the first, learn where words are; the others are
            free to gather what the units need.
        dropout: of the text's blocks.
        quantiser: its sizes.
        decoder: its sizes.
    """

    text_width: int = 96
    text_blocks: int = 2
    heads: int = 4
    guided_heads: int = 2
    dropout: float = 0.1
    quantiser: QuantiserConfig = field(default_factory=QuantiserConfig)
    decoder: DecoderConfig = field(default_factory=DecoderConfig)


class Text(NamedTuple):
    """Transcripts as rows.

    Attributes:
        ids: [B, L] int64 token numbers.
        mask: [B, L] bool, True = real.
        word_of: [B, L] int64 the word that each row belongs to; a gap is one by itself.
        gap: [B, L] bool, True = between words.
    """

    ids: Tensor
    mask: Tensor
    word_of: Tensor
    gap: Tensor


class Heard(NamedTuple):
    """What the text side knows of the speech.

    Attributes:
        text: [B, L, D] states of the text.
        speech: [B, L, D] quantised states of the speech.
        codes: [B, L, stages] their codes: the text-aligned tokens.
        commitment: scalar.
        log_attention: [B, H, L, M].
        frames: of the encoder.
    """

    text: Tensor
    speech: Tensor
    codes: Tensor
    commitment: Tensor
    log_attention: Tensor
    frames: SpeechStates


class TextAlignedSpeech(nn.Module):
    """Encoder, aggregator, quantiser, fusion and unit decoder.

    Args:
        encoder: of speech, a module.
        config: sizes.
        vocabulary: token numbers of the text.
        units: kinds of units.
    """

    def __init__(
        self, *, encoder: SpeechEncoder, config: SpeechConfig, vocabulary: int, units: int
    ) -> None:
        super().__init__()
        self.config = config
        self.encoder = encoder
        width = config.decoder.width
        self.queries = TokenContext(
            vocabulary=vocabulary,
            width=config.text_width,
            blocks=config.text_blocks,
            dropout=config.dropout,
        )
        self.aggregator = Aggregator(
            text_width=config.text_width,
            speech_width=encoder.width,
            width=width,
            heads=config.heads,
        )
        self.quantiser = ResidualQuantiser(config.quantiser, width)
        self.from_text = nn.Linear(config.text_width, width)
        self.from_speech = nn.Linear(width, width)
        self.shares = nn.Parameter(torch.ones(2))
        self.absent = nn.Parameter(torch.zeros(2, width))
        self.decoder = UnitDecoder(config.decoder, units)

    def hear(self, mel: Tensor, lengths: Tensor, text: Text) -> Heard:
        """Everything up to the fusion.

        Args:
            mel: [B, T, F].
            lengths: [B] mel frames of each.
            text: the transcripts.
        """
        frames = self.encoder(mel, lengths)
        queries = self.queries(text.ids, text.mask)
        gathered = self.aggregator(queries, frames)
        quantised = self.quantiser(per_word(gathered.states, text.word_of), text.mask)
        return Heard(
            text=self.from_text(queries),
            speech=self.from_speech(quantised.vectors),
            codes=quantised.codes,
            commitment=quantised.commitment,
            log_attention=gathered.log_attention,
            frames=frames,
        )

    def fuse(self, heard: Heard, *, keep_text: Tensor, keep_speech: Tensor) -> Tensor:
        """Both sides as one, weighted by learned shares.

        Args:
            heard: from `hear`.
            keep_text: [B] bool, False = the text is left out.
            keep_speech: [B] bool, False = the speech is left out.

        Returns:
            [B, L, D].
        """
        share = self.shares.softmax(dim=0)
        text = torch.where(keep_text[:, None, None], heard.text, self.absent[0])
        speech = torch.where(keep_speech[:, None, None], heard.speech, self.absent[1])
        return share[0] * text + share[1] * speech
