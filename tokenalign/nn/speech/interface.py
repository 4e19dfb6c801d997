"""What every speech encoder takes and gives."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


class SpeechStates(NamedTuple):
    """Frames of a batch of utterances at two depths.

    Attributes:
        last: [B, M, C] of the last layer: what is said.
        middle: [B, M, C] of a layer half way: how it is said, too.
        mask: [B, M] bool, True = real.
    """

    last: Tensor
    middle: Tensor
    mask: Tensor


class SpeechEncoder(Protocol):
    """Log-mel to frames; in practice a `torch.nn.Module`."""

    @property
    def sample_rate(self) -> int:
        """Of the samples that `log_mel` takes."""

    @property
    def width(self) -> int:
        """C."""

    @property
    def frame_hop_s(self) -> float:
        """Seconds from frame to frame."""

    def log_mel(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Samples [S] as the log-mel [T, F] that the encoder reads."""

    def __call__(self, mel: Tensor, lengths: Tensor) -> SpeechStates:
        """Encode utterances.

        Args:
            mel: [B, T, F]; what lies behind an utterance's end is not looked at.
            lengths: [B] mel frames of each.
        """
