"""The TokenAlign system: compact audio encoder, phrase head and levels, trained as one."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import Alignment
from tokenalign.nn.audio import CompactEncoder
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.text import PhraseHead


class TokenAlign(nn.Module):
    """All parameters that a run trains; the token encoder is frozen and stays outside.

    Args:
        audio: log-mel to frame vectors.
        head: token states to phrase vectors.
        levels: the score.
        temperature: start value of the contrastive loss's temperature.
    """

    def __init__(
        self,
        *,
        audio: CompactEncoder,
        head: PhraseHead,
        levels: Levels,
        temperature: float = 0.07,
    ) -> None:
        super().__init__()
        self.audio = audio
        self.head = head
        self.levels = levels
        self.log_scale = nn.Parameter(torch.tensor(-math.log(temperature)))

    @property
    def alignment(self) -> Alignment:
        """The part of the levels that bundles hold: phrases in frames, order and absence."""
        return self.levels.alignment

    def scale(self) -> Tensor:
        """Inverse temperature, kept within [1, 100]."""
        return self.log_scale.clamp(0.0, math.log(100.0)).exp()
