"""CLAP's two sides as the graphs of a bundle.

Shapes: C clips, M frames, T = 32 M log-mel frames, F bands, D width, P phrases, N tokens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ClapModel

from tokenalign.nn.encoders.clap_audio import clap_columns
from tokenalign.nn.encoders.stretches import cross_faded, cut
from tokenalign.nn.export import export_graph
from tokenalign.nn.masking import attention_bias


class ClapAudioGraph(nn.Module):
    """Log-mel to frames and gists in the space of CLAP's captions.

    The network takes a fixed stretch of log-mel (1,024 frames, 10 s). Longer input is cut into
    stretches that overlap by half, and their frames are cross-faded. A clip shorter than a stretch
    is repeated to its end, as in CLAP's own training: whatever is exactly silent at its end counts
    as not there.

    Args:
        model: the whole CLAP, without feature fusion.
        quiet: the log-mel of digital silence.
    """

    def __init__(self, model: ClapModel, *, quiet: float) -> None:
        super().__init__()
        self.audio = model.audio_model
        self.project = model.audio_projection
        self.quiet = quiet
        self.stretch = clap_stretch(model)
        self.columns = clap_columns(model.audio_model)
        self.per_frame = self.stretch // self.columns

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Args:
            mel: [C, T, F], T a multiple of 32 and at least 1,024.

        Returns:
            frames [C, M, D], unit vectors, and gist [C, M, D], whose sum over a clip of one
            stretch is along CLAP's own embedding of it.
        """
        clips, length = mel.shape[0], mel.shape[1]
        frames = length // self.per_frame
        stretches = cut(
            self._repeated(mel),
            length=self.stretch,
            hop=self.stretch // 2,
            quiet=self.quiet,
            column=self.per_frame,
        )
        count = stretches.shape[1]
        states = (
            self.audio(stretches.reshape(-1, 1, self.stretch, mel.shape[2]))
            .last_hidden_state.mean(dim=2)
            .transpose(1, 2)
        )
        vectors = nn.functional.normalize(self.project(states), dim=-1)
        whole = nn.functional.normalize(self.project(states.mean(dim=1, keepdim=True)), dim=-1)
        shape = (clips, count, self.columns, -1)
        joined, gist = (
            cross_faded(each.reshape(shape), hop=self.columns // 2)[:, :frames]
            for each in (vectors, whole.expand(-1, self.columns, -1))
        )
        return nn.functional.normalize(joined, dim=-1), gist

    def _repeated(self, mel: Tensor) -> Tensor:
        """Short clips repeated over the silence at their end; longer ones as they are."""
        heard = (mel > self.quiet + 0.01).any(dim=2)
        place = torch.arange(mel.shape[1], device=mel.device)
        real = (heard * (place + 1)).amax(dim=1, keepdim=True)
        short = (real > 0) & (mel.shape[1] <= self.stretch)
        source = torch.where(short, place % real.clamp(min=1), place)
        return mel.gather(1, source.unsqueeze(2).expand(-1, -1, mel.shape[2]))


def clap_stretch(model: ClapModel) -> int:
    """Log-mel frames that the network takes at a time: 1,024."""
    config = model.audio_model.config
    return int(config.spec_size * (config.spec_size // config.num_mel_bins))


class ClapTextGraph(nn.Module):
    """Token ids to phrases, tokens and weights in the space of CLAP's audio.

    Args:
        model: the whole CLAP.
    """

    def __init__(self, model: ClapModel) -> None:
        super().__init__()
        self.text = model.text_model
        self.pool = model.text_model.get_submodule("pooler.dense")
        self.project = model.text_projection
        config: Any = model.text_model.config
        self.padding_id = int(config.pad_token_id)
        specials = (config.bos_token_id, config.pad_token_id, config.eos_token_id)
        self.last_special = int(max(specials))

    def forward(self, token_ids: Tensor, token_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode phrases.

        Args:
            token_ids: [P, N] int64.
            token_mask: [P, N] bool, True = real (specials included).

        Returns:
            phrases [P, D] and tokens [P, N, D], unit vectors; weights [P, N], even over a
            phrase's own tokens.
        """
        ids = torch.where(token_mask, token_ids, self.padding_id)
        bias = attention_bias(token_mask)
        states = self.text(input_ids=ids, attention_mask=bias).last_hidden_state
        # The pooler reads the first token; the others go the same way.
        pooled = self.project(torch.tanh(self.pool(states)))
        vectors = nn.functional.normalize(pooled, dim=-1)
        named = token_mask & (ids > self.last_special)
        weights = named / named.sum(dim=1, keepdim=True).clamp(min=1)
        return vectors[:, 0], vectors, weights


def export_clap_audio(graph: ClapAudioGraph, path: Path, *, bands: int) -> None:
    """``mel [C, T, F] -> frames [C, M, D], gist [C, M, D]``, T a multiple of 32, from 1,024 on."""
    frames = torch.export.Dim("M", min=graph.columns)
    export_graph(
        graph,
        (torch.zeros(2, graph.stretch * 3 // 2, bands),),
        path,
        inputs=["mel"],
        outputs=["frames", "gist"],
        dynamic=({0: torch.export.Dim("C"), 1: graph.per_frame * frames},),
    )
