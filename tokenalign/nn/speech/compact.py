"""A small speech encoder to train from nothing: dilated convolutions over log-mel frames.

It sees half a second to either side and knows no absolute time, so that attention on its frames
can only go by what is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tokenalign.audio import FrontEnd, LogMel
from tokenalign.nn.speech.interface import SpeechStates

MEL_FRAMES_PER_FRAME = 2

TELEPHONE = FrontEnd(
    sample_rate=8000,
    window_samples=200,
    hop_samples=80,
    fft_samples=256,
    mel_bands=40,
    low_hz=60.0,
    high_hz=4000.0,
    floor=1e-4,
    offset=3.0,
    scale=4.0,
)
"""Mel frames of 10 ms of speech at 8 kHz."""


@dataclass(frozen=True)
class CompactSpeechConfig:
    """Sizes.

    Attributes:
        width: C.
        dilations: one residual block each.
        middle: how many blocks lie below the middle states.
        dropout: of each block.
    """

    width: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1)
    middle: int = 3
    dropout: float = 0.1


class ConvolutionBlock(nn.Module):
    """A dilated convolution over time beside the identity, with layer normalisation before."""

    def __init__(self, width: int, *, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.convolution = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.project = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """[B, M, C] to the same shape; states outside the mask count as zeros."""
        inputs = self.norm(states) * mask.unsqueeze(-1)
        heard = self.convolution(inputs.transpose(1, 2)).transpose(1, 2)
        refined: Tensor = states + self.dropout(self.project(nn.functional.gelu(heard)))
        return refined


class CompactSpeech(nn.Module):
    """A `SpeechEncoder` with frames of two mel frames.

    Args:
        config: sizes.
    """

    def __init__(self, config: CompactSpeechConfig) -> None:
        super().__init__()
        self.config = config
        self._log_mel = LogMel(TELEPHONE)
        self.stem = nn.Conv1d(TELEPHONE.mel_bands, config.width, 4, stride=2, padding=1)
        self.blocks = nn.ModuleList(
            ConvolutionBlock(config.width, dilation=dilation, dropout=config.dropout)
            for dilation in config.dilations
        )
        self.norm = nn.LayerNorm(config.width)

    @property
    def sample_rate(self) -> int:
        """Of the samples."""
        return TELEPHONE.sample_rate

    @property
    def width(self) -> int:
        """C."""
        return self.config.width

    @property
    def frame_hop_s(self) -> float:
        """Of frames."""
        return MEL_FRAMES_PER_FRAME * TELEPHONE.hop_samples / TELEPHONE.sample_rate

    def log_mel(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `SpeechEncoder`."""
        return self._log_mel(samples)

    def forward(self, mel: Tensor, lengths: Tensor) -> SpeechStates:
        """See `SpeechEncoder`; M = T / 2, rounded up."""
        real = torch.arange(mel.shape[1], device=mel.device) < lengths.unsqueeze(1)
        mask = real[:, ::MEL_FRAMES_PER_FRAME]
        # One more frame of nothing completes the last pair, and is not looked at where none lacks.
        heard = nn.functional.pad(mel * real.unsqueeze(-1), (0, 0, 0, 1))
        states = self.stem(heard.transpose(1, 2)).transpose(1, 2)
        middle = states
        for number, block in enumerate(self.blocks, start=1):
            states = block(states, mask)
            if number == self.config.middle:
                middle = states
        return SpeechStates(last=self.norm(states), middle=middle, mask=mask)
