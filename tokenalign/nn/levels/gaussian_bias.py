"""The Gaussian relative positional bias: a word looks near its own place in the clip.

``b_nm = -g_h (μ_n - q_m)² / (2 σ_h²)`` is added to the logits of a cross-attention, for each
head h, where μ_n is the word's place and q_m the frame's, both on [0, 1]. The gate g_h starts
low: captions do not always tell sounds in their order ("B after A").

Shapes: B captions, N tokens, C clips, M frames, H heads; masks are bool, True = real.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LEAST_DEVIATION = 1e-3
"""σ never falls below this share of a clip."""


def places(mask: Tensor) -> Tensor:
    """Centres of equal shares of [0, 1], counted over real entries only: ``(n + 1/2) / N``.

    Args:
        mask: [..., N] bool.

    Returns:
        [..., N] float; 0 where nothing is.
    """
    count = mask.sum(dim=-1, keepdim=True).clamp(min=1)
    centres = (mask.cumsum(dim=-1) - 0.5) / count
    return torch.where(mask, centres, 0.0)


class GaussianBias(nn.Module):
    """Bias of every pair of a word and a frame.

    Args:
        heads: H.
        deviation: σ at the start, in shares of a clip. The paper starts at 1, where the bias is
            almost flat; at a quarter it matters.
        trainable: whether σ is learned; the gate always is.
        gate: share of the bias that takes part at the start, within (0, 1).
    """

    raw_deviation: Tensor

    def __init__(
        self, *, heads: int, deviation: float = 0.25, trainable: bool = True, gate: float = 0.1
    ) -> None:
        super().__init__()
        above = deviation - LEAST_DEVIATION
        raw = torch.full((heads,), math.log(math.expm1(above)))  # softplus turned round
        if trainable:
            self.raw_deviation = nn.Parameter(raw)
        else:
            self.register_buffer("raw_deviation", raw)
        self.gate_logit = nn.Parameter(torch.full((heads,), math.log(gate / (1 - gate))))

    def deviation(self) -> Tensor:
        """σ of each head, [H], in shares of a clip."""
        return nn.functional.softplus(self.raw_deviation) + LEAST_DEVIATION

    def forward(self, text_places: Tensor, frame_places: Tensor) -> Tensor:
        """The bias to add to attention logits.

        Args:
            text_places: [B, N] on [0, 1].
            frame_places: [B, C, M] on [0, 1], or [1, C, M] where all captions meet all clips.

        Returns:
            [B, C, H, N, M], nowhere above 0.
        """
        distance = text_places[:, None, :, None] - frame_places[:, :, None, :]
        strength = torch.sigmoid(self.gate_logit) / (2 * self.deviation().square())
        return -strength[:, None, None] * distance.square().unsqueeze(2)
