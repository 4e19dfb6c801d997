"""What is heard while each row of the text is said: cross-attention from text to frames.

TASTE (arXiv 2504.07053), section 3.1: queries from the text, keys from the encoder's last layer,
values from a middle one.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tokenalign.nn.heads import join_heads, split_heads
from tokenalign.nn.speech.interface import SpeechStates


class Aggregated(NamedTuple):
    """Speech in step with the text.

    Attributes:
        states: [B, L, D].
        log_attention: [B, H, L, M], logarithms of each row's distribution over real frames;
            the lowest finite number where a frame is not real.
    """

    states: Tensor
    log_attention: Tensor


class Aggregator(nn.Module):
    """One layer of cross-attention with learned projections.

    Args:
        text_width: of the queries.
        speech_width: of the frames.
        width: D, a multiple of `heads`.
        heads: H.
    """

    def __init__(self, *, text_width: int, speech_width: int, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(text_width, width)
        self.key = nn.Linear(speech_width, width)
        self.value = nn.Linear(speech_width, width)
        self.out = nn.Linear(width, width)

    def forward(self, text: Tensor, speech: SpeechStates) -> Aggregated:
        """Ask the frames about each row.

        Args:
            text: [B, L, text_width].
            speech: frames at both depths.
        """
        log_attention = self.log_attention(text, speech)
        value = split_heads(self.value(speech.middle), self.heads)
        heard = join_heads(log_attention.exp() @ value)
        return Aggregated(states=self.out(heard), log_attention=log_attention)

    def log_attention(self, text: Tensor, speech: SpeechStates) -> Tensor:
        """Only where each row looks, [B, H, L, M]."""
        query = split_heads(self.query(text), self.heads)
        key = split_heads(self.key(speech.last), self.heads)
        logits = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5
        lowest = torch.finfo(logits.dtype).min
        hidden = ~speech.mask[:, None, None, :]
        logits = logits.masked_fill(hidden, lowest)
        return nn.functional.log_softmax(logits, dim=-1).masked_fill(hidden, lowest)
