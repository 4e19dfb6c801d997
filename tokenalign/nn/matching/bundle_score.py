"""What a bundle computes of a system: the one score of search and grounding, as ``align.onnx``.

Shapes: B captions, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from tokenalign.first_stage import FirstStage


class Calibration(nn.Module):
    """A similarity to a probability: ``sigmoid(slope * (similarity - threshold))``."""

    def __init__(self, *, slope: float, threshold: float) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        self.threshold = nn.Parameter(torch.tensor(threshold))

    def logit(self, similarity: Tensor) -> Tensor:
        """Before the sigmoid, any shape."""
        return self.slope * (similarity - self.threshold)

    def forward(self, similarity: Tensor) -> Tensor:
        """Any shape, to [0, 1]."""
        return torch.sigmoid(self.logit(similarity))


class BundleScore(nn.Module, ABC):
    """Phrases against clips, with the numbers that calibration sets after training."""

    def __init__(self) -> None:
        super().__init__()
        self.frame_calibration = Calibration(slope=12.0, threshold=0.45)
        self.presence_calibration = Calibration(slope=12.0, threshold=0.3)
        self.without_weight = nn.Parameter(torch.tensor(0.5))

    @property
    @abstractmethod
    def first_stage(self) -> FirstStage:
        """Its own numbers, for what chooses the clips that it is asked about."""

    @abstractmethod
    def forward(
        self, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor, windows: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score one batch of captions against one batch of clips.

        Args:
            phrases: [B, P, D] unit vectors.
            rank: [B, P] int64: time group, or NEGATED, ANYTIME, PADDING.
            frames: [C, M, D].
            mask: [C, M] bool.
            windows: [C, D] unit vectors.

        Returns:
            score [B, C], presence [B, C, P] and frame scores [B, C, P, M], both on [0, 1].
        """
