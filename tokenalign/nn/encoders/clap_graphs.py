"""CLAP's two sides as the graphs of a bundle.

Shapes: C clips, W stretches, K columns of a stretch, M frames, T = 32 M log-mel frames, F bands,
D width, P phrases, N tokens.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ClapAudioModel, ClapFeatureExtractor, ClapModel

from tokenalign.audio import FrontEnd
from tokenalign.nn.encoders.audio_graph import AudioGraph
from tokenalign.nn.encoders.clap_audio import ClapAudio, clap_columns
from tokenalign.nn.encoders.clap_mel import FLOOR
from tokenalign.nn.encoders.stretches import cross_faded, cut
from tokenalign.nn.masking import attention_bias

AUTHORS = "HTS-AT: K. Chen et al., ICASSP 2022; of LAION-CLAP, Y. Wu et al., ICASSP 2023"


class ClapStates(nn.Module):
    """Log-mel to the states of stretches, before they are projected.

    The network takes a fixed stretch of log-mel (1,024 frames, 10 s). Longer input is cut into
    stretches that overlap by half. A clip shorter than a stretch is repeated to its end, as in
    CLAP's own training: whatever is exactly silent at its end counts as not there.

    Args:
        audio: CLAP's audio side, without feature fusion.
        quiet: the log-mel of digital silence.
    """

    def __init__(self, audio: ClapAudioModel, *, quiet: float) -> None:
        super().__init__()
        self.audio = audio
        self.quiet = quiet
        self.stretch = clap_stretch(audio)
        self.columns = clap_columns(audio)
        self.per_frame = self.stretch // self.columns

    def forward(self, mel: Tensor) -> Tensor:
        """[C, T, F], T a multiple of 32 and at least 1,024, to [C, W, K, width]."""
        stretches = cut(
            self._repeated(mel),
            length=self.stretch,
            hop=self.stretch // 2,
            quiet=self.quiet,
            column=self.per_frame,
        )
        shape = (mel.shape[0], stretches.shape[1], self.columns, -1)
        maps = self.audio(stretches.reshape(-1, 1, self.stretch, mel.shape[2])).last_hidden_state
        states: Tensor = maps.mean(dim=2).transpose(1, 2).reshape(shape)
        return states

    def joined(self, stretches: Tensor, mel: Tensor) -> Tensor:
        """Cross-fade what was made of the states, [C, W, K, D], to the frames of mel [C, M, D]."""
        frames = cross_faded(stretches, hop=self.columns // 2)
        return frames[:, : mel.shape[1] // self.per_frame]

    def _repeated(self, mel: Tensor) -> Tensor:
        """Short clips repeated over the silence at their end; longer ones as they are."""
        heard = (mel > self.quiet + 0.01).any(dim=2)
        place = torch.arange(mel.shape[1], device=mel.device)
        real = (heard * (place + 1)).amax(dim=1, keepdim=True)
        short = (real > 0) & (mel.shape[1] <= self.stretch)
        source = torch.where(short, place % real.clamp(min=1), place)
        return mel.gather(1, source.unsqueeze(2).expand(-1, -1, mel.shape[2]))


class ClapAudioGraph(nn.Module):
    """Log-mel to frames and gists in the space of CLAP's own captions.

    Args:
        model: the whole CLAP, without feature fusion.
        quiet: the log-mel of digital silence.
    """

    def __init__(self, model: ClapModel, *, quiet: float) -> None:
        super().__init__()
        self.states = ClapStates(model.audio_model, quiet=quiet)
        self.project = model.audio_projection

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Args:
            mel: [C, T, F], T a multiple of 32 and at least 1,024.

        Returns:
            frames [C, M, D], unit vectors, and gist [C, M, D], whose sum over a clip of one
            stretch is along CLAP's own embedding of it.
        """
        states = self.states(mel)
        vectors = nn.functional.normalize(self.project(states), dim=-1)
        whole = nn.functional.normalize(self.project(states.mean(dim=2, keepdim=True)), dim=-1)
        frames = nn.functional.normalize(self.states.joined(vectors, mel), dim=-1)
        return frames, self.states.joined(whole.expand_as(vectors), mel)


class TrainedClapGraph(nn.Module):
    """Log-mel to frames and gists in a space that was trained behind CLAP's audio side.

    Stretches are cross-faded before the projection, as in training, where they share a quarter.

    Args:
        encoder: as it was trained.
        project: its frames to the space of captions.
    """

    def __init__(self, encoder: ClapAudio, project: nn.Linear) -> None:
        super().__init__()
        front_end = clap_front_end(encoder.model, encoder.extractor)
        self.states = ClapStates(encoder.model, quiet=front_end.quiet)
        self.project = project

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Args:
            mel: [C, T, F], T a multiple of 32 and at least 1,024.

        Returns:
            frames [C, M, D], unit vectors; and the gist [C, M, D], which is the same: training
            compares captions with the mean of a clip's frames.
        """
        joined = self.states.joined(self.states(mel), mel)
        vectors = nn.functional.normalize(self.project(joined), dim=-1)
        return vectors, vectors.clone()


def clap_graph(model: ClapModel, extractor: ClapFeatureExtractor) -> AudioGraph:
    """What a bundle holds of a CLAP as it was published."""
    front_end = clap_front_end(model.audio_model, extractor)
    graph = ClapAudioGraph(model, quiet=front_end.quiet)
    return _audio_graph(graph, graph.states, front_end)


def trained_clap_graph(encoder: ClapAudio, project: nn.Linear) -> AudioGraph:
    """What a bundle holds of a CLAP's audio side that was trained on, and its projection."""
    graph = TrainedClapGraph(encoder, project)
    return _audio_graph(graph, graph.states, clap_front_end(encoder.model, encoder.extractor))


def _audio_graph(graph: nn.Module, states: ClapStates, front_end: FrontEnd) -> AudioGraph:
    return AudioGraph(graph, front_end, states.columns, states.per_frame, AUTHORS)


def clap_front_end(model: ClapAudioModel, extractor: ClapFeatureExtractor) -> FrontEnd:
    """CLAP's decibels, with a hop that fills the network's input with ten seconds.

    Its own extractor makes 1,001 frames, which the network stretches to 1,024.
    """
    return FrontEnd(
        sample_rate=int(extractor.sampling_rate),
        window_samples=int(extractor.fft_window_size),
        hop_samples=round(extractor.nb_max_samples / clap_stretch(model)),
        mel_bands=int(extractor.feature_size),
        low_hz=float(extractor.frequency_min),
        high_hz=float(extractor.frequency_max),
        floor=FLOOR,
        offset=0.0,
        scale=math.log(10) / 10,
        mel_scale="slaney",
    )


def clap_stretch(model: ClapAudioModel) -> int:
    """Log-mel frames that the network takes at a time: 1,024."""
    config = model.config
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
