"""The second stage: the cross-attention block, the places it is told, and the pair's score.

Shapes: B captions, N tokens, C clips, K candidates of a caption, M frames, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.contextual_places import ContextualPlaces
from tokenalign.nn.levels.cross_attention import CrossAttention, Enriched
from tokenalign.nn.levels.gaussian_bias import GaussianBias, places
from tokenalign.nn.levels.pair_score import PairScore

RERANKED = 50
"""Best clips of a caption that it judges where clips are ranked."""


class Reranker(nn.Module):
    """Scores of pairs that only the pair itself can tell.

    Args:
        config: heads, dropout and the bias.
        width: D.
    """

    def __init__(self, config: LevelsConfig, *, width: int) -> None:
        super().__init__()
        self.contextual = ContextualPlaces(width=width) if config.bias == "contextual" else None
        bias = GaussianBias(
            heads=config.heads, deviation=config.deviation, trainable=config.deviation_trainable
        )
        self.block = CrossAttention(
            width=width,
            heads=config.heads,
            bias=None if config.bias == "off" else bias,
            dropout=config.dropout,
        )
        self.pair_score = PairScore(width=width)

    def enrich(
        self,
        tokens: Tensor,
        token_mask: Tensor,
        frames: Tensor,
        frame_mask: Tensor,
        candidates: Tensor | None = None,
    ) -> Enriched:
        """Enriched tokens and their timelines; arguments as `CrossAttention.forward`."""
        told = places(token_mask)
        if self.contextual is not None:
            told = self.contextual(tokens, token_mask)
        enriched: Enriched = self.block(tokens, token_mask, told, frames, frame_mask, candidates)
        return enriched

    def forward(
        self,
        tokens: Tensor,
        token_mask: Tensor,
        frames: Tensor,
        frame_mask: Tensor,
        candidates: Tensor | None = None,
    ) -> Tensor:
        """Pair scores within [-1, 1].

        Args:
            tokens: [B, N, D].
            token_mask: [B, N] bool.
            frames: [C, M, D].
            frame_mask: [C, M] bool.
            candidates: [B, K] int64 clips of each caption; None pairs all with all (K = C).

        Returns:
            [B, K].
        """
        enriched = self.enrich(tokens, token_mask, frames, frame_mask, candidates)
        score: Tensor = self.pair_score(enriched.tokens, token_mask)
        return score


class PairLogit(nn.Module):
    """A reranker over pairs that are given, as ``rerank.onnx`` has it.

    A pair score ``tanh(x)`` on [-1, 1] is ``2 p - 1`` for the probability ``p = σ(2 x)``.

    Args:
        reranker: whose scores they are.
    """

    def __init__(self, reranker: Reranker) -> None:
        super().__init__()
        self.reranker = reranker

    def forward(
        self, tokens: Tensor, token_mask: Tensor, frames: Tensor, frame_mask: Tensor
    ) -> Tensor:
        """Log odds ``2 x`` [K] of pairs; arguments as `Matcher.matching_head` has them."""
        own = torch.arange(tokens.shape[0], device=tokens.device).unsqueeze(1)
        enriched = self.reranker.enrich(tokens, token_mask, frames, frame_mask, own)
        return 2.0 * self.reranker.pair_score.verdict(enriched.tokens, token_mask).squeeze(1)
