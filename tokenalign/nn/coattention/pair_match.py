"""The matching head: whether the caption and the clip of a pair belong together.

What it says depends on the pair, so it is computed for every pair that is scored. Exported as
``rerank.onnx``.

Shapes: K pairs, N tokens, M frames, D width of the shared space, W width inside; masks are bool,
True = real.
"""

from __future__ import annotations

from torch import Tensor, nn

from tokenalign.nn.coattention.attention import Side, placed
from tokenalign.nn.coattention.cascade import cascade_of
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.coattention.pooling import AttFlat


class PairMatch(nn.Module):
    """Tokens and frames of pairs to one logit each.

    Args:
        config: cascade and sizes.
        width: D.
    """

    def __init__(self, config: CoAttentionConfig, *, width: int) -> None:
        super().__init__()
        self.scale = width**0.5  # entries of unit vectors are small beside the places' sinusoids
        self.take_text = nn.Linear(width, config.width)
        self.take_audio = nn.Linear(width, config.width)
        self.cascade = cascade_of(config)
        self.pool_text = AttFlat(width=config.width, dropout=config.dropout)
        self.pool_audio = AttFlat(width=config.width, dropout=config.dropout)
        self.judge = nn.Sequential(nn.LayerNorm(2 * config.width), nn.Linear(2 * config.width, 1))

    def forward(
        self, tokens: Tensor, token_mask: Tensor, frames: Tensor, frame_mask: Tensor
    ) -> Tensor:
        """Judge pairs: row k of the caption's side with row k of the clip's.

        Args:
            tokens: [K, N, D] unit vectors.
            token_mask: [K, N] bool.
            frames: [K, M, D], of length 1 or shorter.
            frame_mask: [K, M] bool.

        Returns:
            [K] logits of belonging together.
        """
        text = Side(placed(self.take_text(self.scale * tokens)), token_mask)
        audio = Side(placed(self.take_audio(self.scale * frames)), frame_mask)
        text, audio = self.cascade(text, audio)
        logits: Tensor = self.judge(self.pool_text(text) + self.pool_audio(audio))
        return logits.squeeze(-1)
