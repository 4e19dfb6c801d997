"""The graph that the program runs: where each row of a transcript is heard."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from tokenalign.nn.export import export_graph
from tokenalign.nn.speech.compact import MEL_FRAMES_PER_FRAME, TELEPHONE, CompactSpeech
from tokenalign.nn.speech.system import TextAlignedSpeech


class AttentionGraph(nn.Module):
    """The guided heads' attention of one utterance.

    Args:
        model: trained; only what attention needs is kept.
    """

    def __init__(self, model: TextAlignedSpeech) -> None:
        super().__init__()
        self.encoder = model.encoder
        self.queries = model.queries
        self.aggregator = model.aggregator
        self.guided_heads = model.config.guided_heads

    def forward(self, mel: Tensor, token_ids: Tensor) -> Tensor:
        """``mel [1, T, F], token_ids [1, L] -> attention [H, L, M]``, rows that sum to 1."""
        frames = self.encoder(mel, torch.full((1,), mel.shape[1]))
        text = self.queries(token_ids, torch.ones_like(token_ids, dtype=torch.bool))
        attention: Tensor = self.aggregator.log_attention(text, frames)[0, : self.guided_heads]
        return attention.exp()


def export_attention(model: TextAlignedSpeech, path: Path) -> None:
    """Write the graph; T is free among multiples of two, L among all lengths.

    Args:
        model: with a `CompactSpeech`; a Whisper is not trained here, and is imported instead.
        path: of the graph.
    """
    assert isinstance(model.encoder, CompactSpeech)
    frames = torch.export.Dim("M", min=2)
    mel = torch.zeros(1, 30, TELEPHONE.mel_bands)
    export_graph(
        AttentionGraph(model),
        (mel, torch.ones(1, 7, dtype=torch.int64)),
        path,
        inputs=["mel", "token_ids"],
        outputs=["attention"],
        dynamic=({1: MEL_FRAMES_PER_FRAME * frames}, {1: torch.export.Dim("L", min=2)}),
    )
