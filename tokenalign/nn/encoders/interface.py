"""What every encoder takes and gives, whatever is inside.

Shapes: B batch, S samples, M audio frames, N text tokens, C the encoder's own width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from torch import Tensor


class AudioFrames(NamedTuple):
    """Frames of a batch of clips.

    Attributes:
        frames: [B, M, C]; frame m of every clip is centred on ``(m + 1/2) * frame_hop_s``.
        mask: [B, M] bool, True = real. A frame is real where its centre lies inside the clip and
            training has not dropped it.
        frame_hop_s: seconds from frame to frame.
    """

    frames: Tensor
    mask: Tensor
    frame_hop_s: float


class AudioEncoder(Protocol):
    """Waveforms to frames; in practice a `torch.nn.Module`."""

    @property
    def sample_rate(self) -> int:
        """Of the waveforms that it takes."""

    @property
    def width(self) -> int:
        """C, of the frames that it gives."""

    def __call__(self, waveform: Tensor, valid_s: Tensor) -> AudioFrames:
        """Encode clips.

        Args:
            waveform: [B, S] mono at `sample_rate`; what lies behind a clip's end is not looked at.
            valid_s: [B] length of every clip, in seconds.
        """


class TextStates(NamedTuple):
    """Token states of a batch of texts.

    Attributes:
        states: [B, N, C].
        mask: [B, N] bool, True = a token of the text: no special, no padding. A text without any
            token of its own keeps its specials, so that no row is empty.
        offsets: [B, N, 2] int64, the characters [first, last) that a token stands for.
    """

    states: Tensor
    mask: Tensor
    offsets: Tensor


class TextEncoder(Protocol):
    """Texts to token states; in practice a `torch.nn.Module`."""

    @property
    def width(self) -> int:
        """C, of the states that it gives."""

    def __call__(self, texts: Sequence[str]) -> TextStates:
        """Encode texts."""
