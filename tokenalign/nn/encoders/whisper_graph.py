"""Whisper as the graph of a bundle that times words: where it looks while it reads a given text.

Shapes: T log-mel frames, F bands, L tokens, H heads, M = T / 2 frames of the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import WhisperForConditionalGeneration

from tokenalign.nn.export import export_graph

MEL_FRAMES_PER_FRAME = 2
"""The encoder's second convolution halves them."""

Heads = tuple[tuple[int, int], ...]
"""(layer, head) of each."""


class WhisperAttention(nn.Module):
    """One forced pass of the decoder over a text, and its cross-attention.

    The decoder looks for a token where it predicts it: the row of a token is that of the token
    before it. So the last row of the prefix is the first token's, and that of the last word's last
    token is the end of the text's.

    Args:
        model: the whole Whisper, with eager attention (others keep no weights).
        prefix: ids of the tokens that start each text: start, language, task, no timestamps.
        heads: those whose attention is given.
    """

    def __init__(
        self, model: WhisperForConditionalGeneration, *, prefix: Sequence[int], heads: Heads
    ) -> None:
        super().__init__()
        self.encoder = model.model.encoder
        self.decoder = model.model.decoder
        self.heads = heads
        self.prefix: Tensor
        self.register_buffer("prefix", torch.tensor([list(prefix)]), persistent=False)

    def forward(self, mel: Tensor, token_ids: Tensor) -> Tensor:
        """Read a text over one window.

        Args:
            mel: [1, T, F], a whole window.
            token_ids: [1, L] int64, the end of the text included.

        Returns:
            [H, L, M], each row a distribution over frames.
        """
        states = self.encoder(mel.transpose(1, 2)).last_hidden_state
        read = torch.cat([self.prefix, token_ids[:, :-1]], dim=1)
        layers = self.decoder(
            input_ids=read, encoder_hidden_states=states, use_cache=False, output_attentions=True
        ).cross_attentions
        rows = torch.stack([layers[layer][0, head] for layer, head in self.heads])
        return rows[:, self.prefix.shape[1] - 1 :]


def alignment_heads(model: WhisperForConditionalGeneration) -> Heads:
    """The heads that the authors found to look where a token sounds.

    Where none were published, all heads of the upper half of the decoder, as there.
    """
    published = getattr(model.generation_config, "alignment_heads", None)
    if published:
        return tuple((int(layer), int(head)) for layer, head in published)
    layers, heads = model.config.decoder_layers, model.config.decoder_attention_heads
    return tuple((layer, head) for layer in range(layers // 2, layers) for head in range(heads))


def export_whisper(graph: WhisperAttention, path: Path, *, mel: Tensor, max_tokens: int) -> None:
    """``mel [1, T, F], token_ids [1, L] -> attention [H, L, M]``, T fixed.

    Args:
        graph: what to write.
        path: of the file.
        mel: [1, T, F] a window, as an example.
        max_tokens: most L.
    """
    tokens = torch.export.Dim("L", min=2, max=max_tokens)
    export_graph(
        graph,
        (mel, torch.ones(1, 5, dtype=torch.int64)),
        path,
        inputs=["mel", "token_ids"],
        outputs=["attention"],
        dynamic=({}, {1: tokens}),
    )
