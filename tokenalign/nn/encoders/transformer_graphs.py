"""A transformer, and the projection that was trained behind it, as the text graph of a bundle.

Shapes: P phrases, N tokens, D width.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from tokenalign.nn.encoders.transformer_text import TransformerText
from tokenalign.nn.masking import attention_bias, masked_softmax, own_tokens
from tokenalign.nn.matching.matcher import Matcher


class TransformerGraph(nn.Module):
    """Token ids to phrases, tokens and weights in the space of frames.

    Args:
        encoder: as it was trained.
        project: token states to that space.
        weigh: token states to the logits of their shares of a phrase.
        matcher: makes of phrases and tokens what its score takes.
    """

    specials: Tensor

    def __init__(
        self, encoder: TransformerText, project: nn.Linear, weigh: nn.Linear, matcher: Matcher
    ) -> None:
        super().__init__()
        self.model = encoder.model
        self.project = project
        self.weigh = weigh
        self.matcher = matcher
        tokenizer: Any = encoder.tokenizer
        self.padding_id = int(tokenizer.pad_token_id)
        added = tokenizer("").input_ids
        self.register_buffer("specials", torch.tensor([*added, self.padding_id]))

    def forward(self, token_ids: Tensor, token_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode phrases.

        Args:
            token_ids: [P, N] int64.
            token_mask: [P, N] bool, True = real (specials included).

        Returns:
            phrases [P, D] and tokens [P, N, D], unit vectors; weights [P, N], which sum to 1 over
            a phrase's own tokens.
        """
        ids = torch.where(token_mask, token_ids, self.padding_id)
        bias = attention_bias(token_mask)
        states = self.model(input_ids=ids, attention_mask=bias).last_hidden_state
        own = own_tokens(token_mask, (ids.unsqueeze(-1) == self.specials).any(dim=-1))
        tokens = nn.functional.normalize(self.project(states), dim=-1)
        weights = masked_softmax(self.weigh(states).squeeze(-1), own)
        pooled = nn.functional.normalize((weights.unsqueeze(-1) * tokens).sum(dim=1), dim=-1)
        return self.matcher.phrase_vectors(pooled, tokens, own), tokens, weights
