"""The unit decoder: speech units one after another, given the fused text.

TASTE (arXiv 2504.07053), section 3.1, in the form of CosyVoice's language model (Z. Du et al.,
arXiv 2407.05407): the sequence is ``[start, text (L), task, unit 0, unit 1, …]``. The state at
``task`` tells unit 0, the state at unit k tells unit k + 1 and in the end the end: no state has
seen the unit that it tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

PLACES_DEVIATION = 0.1
"""Of places at the start: what is said should stand out from where it is said."""


@dataclass(frozen=True)
class DecoderConfig:
    """Sizes.

    Attributes:
        width: D.
        layers: blocks of self-attention.
        heads: of each.
        dropout: of each.
        most_rows: longest text.
        most_units: longest utterance, in units.
    """

    width: int = 96
    layers: int = 2
    heads: int = 4
    dropout: float = 0.1
    most_rows: int = 512
    most_units: int = 1024


class UnitDecoder(nn.Module):
    """A causal transformer.

    Args:
        config: sizes.
        units: how many kinds of units there are; the end is one more.
    """

    def __init__(self, config: DecoderConfig, units: int) -> None:
        super().__init__()
        self.end = units
        width = config.width
        self.marks = nn.Embedding(2, width)
        # Units are told by the vectors that they are read by (Vaswani et al. 2017, section 3.4),
        # so that telling the last one again need not be learned unit by unit.
        self.embedding = nn.Embedding(units + 1, width)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.commonness = nn.Parameter(torch.zeros(units + 1))
        self.row_places = nn.Embedding(config.most_rows, width)
        self.unit_places = nn.Embedding(config.most_units, width)
        for places in (self.row_places, self.unit_places):
            nn.init.normal_(places.weight, std=PLACES_DEVIATION)
        layer = nn.TransformerEncoderLayer(
            width,
            config.heads,
            dim_feedforward=4 * width,
            dropout=config.dropout,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.blocks = nn.TransformerEncoder(
            layer, config.layers, norm=nn.LayerNorm(width), enable_nested_tensor=False
        )

    def forward(self, text: Tensor, text_mask: Tensor, units: Tensor, unit_mask: Tensor) -> Tensor:
        """Logits of every next unit (teacher forcing).

        Args:
            text: [B, L, D] fused states.
            text_mask: [B, L] bool, True = real.
            units: [B, U] int64 numbers of units; anything valid where they are not real.
            unit_mask: [B, U] bool, True = real.

        Returns:
            [B, U + 1, units + 1]: place k tells unit k from the units before it; a place behind
            the last real unit should tell `end`.
        """
        count, rows = text.shape[:2]
        start, task = self.marks.weight.expand(count, 2, -1).chunk(2, dim=1)
        placed = text + self.row_places.weight[:rows]
        scale = self.embedding.embedding_dim**0.5
        said = scale * self.embedding(units) + self.unit_places.weight[: units.shape[1]]
        sequence = torch.cat([start, placed, task, said], dim=1)
        always = text_mask.new_ones(count, 1)
        real = torch.cat([always, text_mask, always, unit_mask], dim=1)
        length = sequence.shape[1]
        future = torch.ones(length, length, dtype=torch.bool, device=text.device).triu(1)
        states = self.blocks(sequence, mask=future, src_key_padding_mask=~real)
        told = states[:, rows + 1 :]
        return nn.functional.linear(told, self.embedding.weight, self.commonness)
