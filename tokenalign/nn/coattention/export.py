"""Write the matching head of a bundle as ONNX."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from tokenalign.nn.coattention.pair_match import PairMatch
from tokenalign.nn.export import export_graph


class OneCaption(nn.Module):
    """The matching head over one caption and C clips: the signature of ``rerank.onnx``.

    Args:
        pair_match: the head.
    """

    def __init__(self, pair_match: PairMatch) -> None:
        super().__init__()
        self.pair_match = pair_match

    def forward(self, tokens: Tensor, token_mask: Tensor, frames: Tensor, mask: Tensor) -> Tensor:
        """``tokens [N,D], token_mask [N], frames [C,M,D], mask [C,M]`` to ``logits [C]``."""
        clips = frames.shape[0]
        logits: Tensor = self.pair_match(
            tokens.unsqueeze(0).expand(clips, -1, -1),
            token_mask.unsqueeze(0).expand(clips, -1),
            frames,
            mask,
        )
        return logits


def export_rerank(pair_match: PairMatch, path: Path, *, width: int) -> None:
    """The signature of `OneCaption`."""
    tokens, clips, frames = (torch.export.Dim(name) for name in ("N", "C", "M"))
    example = (
        torch.zeros(3, width),
        torch.ones(3, dtype=torch.bool),
        torch.zeros(2, 5, width),
        torch.ones(2, 5, dtype=torch.bool),
    )
    export_graph(
        OneCaption(pair_match),
        example,
        path,
        inputs=["tokens", "token_mask", "frames", "mask"],
        outputs=["logits"],
        dynamic=({0: tokens}, {0: tokens}, {0: clips, 1: frames}, {0: clips, 1: frames}),
    )
