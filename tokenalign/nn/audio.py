"""The compact audio encoder: log-mel frames to frame vectors, by a small residual CNN.

It is convolutional in time and has no statistic over the whole input, so that a long file can
be encoded block by block and give the same frames as in one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

MEL_FRAMES_PER_FRAME = 16
"""Mel frames (10 ms) in one frame of the encoder (160 ms)."""


@dataclass(frozen=True)
class CompactConfig:
    """Sizes of the compact encoder.

    Attributes:
        local_last_block: whether the last temporal block maps each frame by itself. MGA-CLAP's
            locality-aware block, here: its projected values are a linear map of each frame
            beside the identity, which is a convolution over time of length 1.
    """

    mel_bands: int = 64
    channels: tuple[int, int, int, int] = (16, 32, 64, 128)
    blocks: tuple[int, int, int] = (0, 1, 2)
    hidden: int = 256
    dilations: tuple[int, ...] = (1, 2, 4)
    width: int = 128
    dropout: float = 0.2
    local_last_block: bool = False

    @property
    def reaches(self) -> tuple[int, ...]:
        """How many frames away each temporal block looks, to either side."""
        local = self.local_last_block
        return (*self.dilations[:-1], 0) if local and self.dilations else self.dilations


def _convolution(inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _convolution(channels, channels), _convolution(channels, channels)
        )

    def forward(self, features: Tensor) -> Tensor:
        """[C, channels, T, F] to the same shape."""
        refined: Tensor = features + self.body(features)
        return refined


class TemporalBlock(nn.Module):
    """A dilated convolution over time beside the identity.

    Args:
        channels: of input and output.
        reach: how many frames away its outer taps are; at 0 it has none, and mixes no frames.
        dropout: share of features dropped in training.
    """

    def __init__(self, channels: int, reach: int, dropout: float) -> None:
        super().__init__()
        taps = 3 if reach else 1
        self.body = nn.Sequential(
            nn.Conv1d(channels, channels, taps, padding=reach, dilation=max(1, reach), bias=False),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Dropout(dropout),
        )

    def forward(self, features: Tensor) -> Tensor:
        """[C, channels, M] to the same shape."""
        refined: Tensor = features + self.body(features)
        return refined


class CompactEncoder(nn.Module):
    """Log-mel to frame vectors and gist vectors: what ``audio.onnx`` holds.

    Args:
        config: sizes.
    """

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.config = config
        self.normalise = nn.BatchNorm1d(config.mel_bands)
        stages: list[nn.Module] = [_convolution(1, config.channels[0], kernel=5, stride=2)]
        widths: Sequence[int] = config.channels
        for inputs, outputs, blocks in zip(widths[:-1], widths[1:], config.blocks, strict=True):
            stages.append(_convolution(inputs, outputs, stride=2))
            stages.extend(ResidualBlock(outputs) for _ in range(blocks))
        # Channels-last convolutions take about half the time on a CPU.
        self.trunk = nn.Sequential(*stages).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        bands = config.mel_bands // MEL_FRAMES_PER_FRAME
        self.fold = nn.Sequential(
            nn.Conv1d(config.channels[-1] * bands, config.hidden, 1, bias=False),
            nn.BatchNorm1d(config.hidden),
            nn.ReLU(),
            nn.Dropout(config.dropout),
        )
        self.temporal = nn.Sequential(
            *(TemporalBlock(config.hidden, reach, config.dropout) for reach in config.reaches)
        )
        self.to_frames = nn.Linear(config.hidden, config.width)
        self.to_gist = nn.Linear(config.hidden, config.width)
        self.to_salience = nn.Linear(config.hidden, 1)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode log-mel frames.

        Args:
            mel: [C, T, F] log-mel, T a multiple of 16.

        Returns:
            frames [C, M, D] with norm below 1 (near 0 where nothing sounds) and gist [C, M, D],
            M = T / 16: the gist of a window is the unit sum of its gist vectors.
        """
        features = self.features(mel)
        raw = self.to_frames(features)
        frames = raw / torch.sqrt(1.0 + raw.square().sum(dim=-1, keepdim=True))
        salience = torch.sigmoid(self.to_salience(features))
        gist = salience * nn.functional.normalize(self.to_gist(features), dim=-1)
        return frames, gist

    def features(self, mel: Tensor) -> Tensor:
        """What frames and gist are read off: log-mel [C, T, F] to [C, M, hidden]."""
        bands = self.normalise(mel.transpose(1, 2)).transpose(1, 2).unsqueeze(1)
        maps = self.trunk(bands.contiguous(memory_format=torch.channels_last))
        folded = self.fold(maps.transpose(2, 3).flatten(1, 2))  # of [C, channels * F', M]
        states: Tensor = self.temporal(folded).transpose(1, 2)
        return states

    def take_weights(self, other: CompactEncoder) -> None:
        """Take those of an encoder of the same sizes.

        If its last block mixes frames and the own does not, of each of its filters only the tap
        on the frame itself is taken.
        """
        given = other.state_dict()
        for name, own in self.state_dict().items():
            if own.shape != given[name].shape:
                middle = given[name].shape[-1] // 2
                given[name] = given[name][..., middle : middle + 1]
        self.load_state_dict(given)

    def context_frames(self) -> int:
        """Frames on either side that can reach a frame's vector (half the receptive field)."""
        reach, stride = 2, 2  # the 5-wide first convolution, in mel frames
        for blocks in self.config.blocks:
            reach += stride
            stride *= 2
            reach += 2 * blocks * stride
        reach += stride * sum(self.config.reaches)
        return -(-reach // MEL_FRAMES_PER_FRAME)


def window_gist(gist: Tensor, mask: Tensor) -> Tensor:
    """The gist of whole clips.

    Args:
        gist: [C, M, D] from the encoder.
        mask: [C, M] bool, True = real.

    Returns:
        [C, D] unit vectors.
    """
    return nn.functional.normalize((gist * mask.unsqueeze(-1)).sum(dim=1), dim=-1)
