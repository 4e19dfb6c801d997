"""Text tokens enriched by a clip, for every pair of a caption and a clip.

A caption enriched by a clip is a function of the *pair*: ranking with it is honest only if it is
computed for every candidate clip anew, as here. The block reads keys and values from one
projected audio; a residual keeps the words, so that even a clip of one frame leaves two captions
apart. Its attention is the tokens' timeline.

Shapes: B captions, N tokens, C clips, K candidates of a caption (C where none are chosen),
M frames, D width, H heads; masks are bool, True = real.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tokenalign.nn.heads import split_heads
from tokenalign.nn.levels.gaussian_bias import GaussianBias, places
from tokenalign.nn.masking import masked_softmax


class Enriched(NamedTuple):
    """What the block makes of each pair.

    Attributes:
        tokens: [B, K, N, D]; zeros where no token is.
        attention: [B, K, N, M], mean over heads: each token's row sums to 1 over real frames,
            and is zero where no token or no frame is.
    """

    tokens: Tensor
    attention: Tensor


class CrossAttention(nn.Module):
    """Tokens ask, frames answer: pre-norm attention and a feed-forward, each beside the identity.

    Args:
        width: D, a multiple of `heads`.
        heads: H.
        bias: positional bias of the logits; None leaves it out.
        dropout: share of features dropped in training.
    """

    def __init__(
        self, *, width: int, heads: int, bias: GaussianBias | None, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.heads = heads
        self.bias = bias
        self.text_norm = nn.LayerNorm(width)
        self.audio_norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)  # a constant would not change a softmax
        self.value = nn.Linear(width, width)
        self.mix = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.feed = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 2 * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * width, width),
        )

    def forward(
        self,
        tokens: Tensor,
        token_mask: Tensor,
        text_places: Tensor,
        frames: Tensor,
        frame_mask: Tensor,
        candidates: Tensor | None = None,
    ) -> Enriched:
        """Enrich every caption by every clip, or by its own candidates only.

        Args:
            tokens: [B, N, D].
            token_mask: [B, N] bool.
            text_places: [B, N] on [0, 1]; read only by the bias.
            frames: [C, M, D].
            frame_mask: [C, M] bool.
            candidates: [B, K] int64 clips of each caption; None pairs all with all (K = C).
        """
        query = split_heads(self.query(self.text_norm(tokens)), self.heads) * self._scale()
        audio = self.audio_norm(frames)
        key, value = (split_heads(layer(audio), self.heads) for layer in (self.key, self.value))
        here, frame_places = frame_mask.unsqueeze(0), places(frame_mask).unsqueeze(0)
        if candidates is None:
            logits = torch.einsum("bhnd,chmd->bchnm", query, key)
        else:
            key, value, here = key[candidates], value[candidates], frame_mask[candidates]
            frame_places = frame_places[0][candidates]
            logits = query.unsqueeze(1) @ key.transpose(-1, -2)  # far faster in ONNX Runtime
        if self.bias is not None:
            logits = logits + self.bias(text_places, frame_places)
        real = here[:, :, None, None, :] & token_mask[:, None, None, :, None]
        weights = masked_softmax(logits, real)
        if candidates is None:
            answer = torch.einsum("bchnm,chmd->bcnhd", weights, value)
        else:
            answer = (weights @ value).transpose(2, 3)
        enriched = tokens.unsqueeze(1) + self.dropout(self.mix(answer.flatten(-2)))
        enriched = enriched + self.dropout(self.feed(enriched))
        enriched = torch.where(token_mask[:, None, :, None], enriched, 0.0)
        return Enriched(enriched, weights.mean(dim=2))

    def _scale(self) -> float:
        return float((self.query.out_features // self.heads) ** -0.5)
