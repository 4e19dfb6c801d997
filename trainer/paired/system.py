"""Two published encoders, a projection each, and a matcher: what paired training trains.

Shapes: B clips or captions, S samples, M frames, N tokens, P phrases, D width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import PADDING
from tokenalign.nn.encoders.interface import AudioEncoder, TextEncoder
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.masking import masked_softmax
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.query import parse


class HeardClips(NamedTuple):
    """Clips, and when their frames are.

    Attributes:
        clips: what a matcher takes.
        frame_hop_s: frame m is centred on ``(m + 1/2) * frame_hop_s``.
    """

    clips: Clips
    frame_hop_s: float


class PairedSystem(nn.Module):
    """All parameters that a run trains.

    Phrases are encoded by themselves, so that a search may take them from any caption; tokens
    stand in their whole caption. Everything given out is float32, whatever precision the
    encoders run in.

    Args:
        audio: waveforms to frames.
        text: texts to token states.
        matcher: captions against clips.
        width: D, of the space that both are projected to.
        temperature: start value of the contrastive loss's temperature.
    """

    def __init__(
        self,
        *,
        audio: AudioEncoder,
        text: TextEncoder,
        matcher: Matcher,
        width: int,
        temperature: float = 0.07,
    ) -> None:
        super().__init__()
        self.audio = audio
        self.text = text
        self.width = width
        self.project_audio = nn.Linear(audio.width, width)
        self.project_text = nn.Linear(text.width, width)
        self.weigh = nn.Linear(text.width, 1, bias=False)  # a token's share of its phrase
        nn.init.zeros_(self.weigh.weight)
        self.matcher = matcher
        self.log_scale = nn.Parameter(torch.tensor(-math.log(temperature)))

    def train(self, mode: bool = True) -> Self:
        """Published statistics of batches stay as they are: a part of a batch has no good ones."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.eval()
        return self

    def scale(self) -> Tensor:
        """Inverse temperature, kept within [1, 100]."""
        return self.log_scale.clamp(0.0, math.log(100.0)).exp()

    def hear(self, waveform: Tensor, valid_s: Tensor) -> HeardClips:
        """Encode clips.

        Args:
            waveform: [B, S] at the audio encoder's rate.
            valid_s: [B] lengths in seconds.
        """
        heard = self.audio(waveform, valid_s)
        frames = _unit(self.project_audio(heard.frames), heard.mask)
        clips = Clips(frames, heard.mask, unit_mean(frames, heard.mask))
        return HeardClips(clips, heard.frame_hop_s)

    def encode_clips(self, waveform: Tensor, valid_s: Tensor) -> Clips:
        """As `hear`, without times."""
        return self.hear(waveform, valid_s).clips

    def encode_captions(self, texts: Sequence[str]) -> Captions:
        """Encode B captions and, where the matcher reads them, their phrases."""
        told = self.text(texts)
        tokens = _unit(self.project_text(told.states), told.mask)
        phrases, rank = self._phrases(texts, tokens)
        return Captions(tokens, told.mask, phrases, rank)

    def encode_phrases(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors [P, D] of phrases, each by itself: its tokens by learned weights."""
        told = self.text(texts)
        tokens = _unit(self.project_text(told.states), told.mask)
        shares = masked_softmax(self.weigh(told.states).squeeze(-1).float(), told.mask)
        return nn.functional.normalize((shares.unsqueeze(-1) * tokens).sum(dim=1), dim=-1)

    def _phrases(self, texts: Sequence[str], tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors [B, P, D] and ranks [B, P]; a caption without phrases has padding only."""
        needed = "phrases" in self.matcher.reads
        parsed = [parse(text).phrases if needed else () for text in texts]
        most = max(1, *map(len, parsed))
        rank = [[p.rank for p in row] + [PADDING] * (most - len(row)) for row in parsed]
        ranks = torch.tensor(rank, device=tokens.device)
        named = list(dict.fromkeys(phrase.text for row in parsed for phrase in row))
        if not named:
            return tokens.new_zeros(len(texts), most, self.width), ranks
        number = {text: index for index, text in enumerate(named)}
        of = [[number[p.text] for p in row] + [0] * (most - len(row)) for row in parsed]
        vectors = self.encode_phrases(named)[torch.tensor(of, device=tokens.device)]
        return torch.where((ranks != PADDING).unsqueeze(-1), vectors, 0.0), ranks


def _unit(vectors: Tensor, mask: Tensor) -> Tensor:
    """Length 1 where something is, zeros elsewhere."""
    unit = nn.functional.normalize(vectors.float(), dim=-1)
    return torch.where(mask.unsqueeze(-1), unit, 0.0)
