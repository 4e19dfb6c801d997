"""In which numbers an audio encoder calculates while it is trained on scenes and mixtures."""

from __future__ import annotations

from typing import Literal

import torch

Precision = Literal["32-true", "bf16-mixed"]
"""As Fabric calls them: float32, or bfloat16 where that is safe, which processors with such units
and GPUs do in half the time.
"""


def autocast(precision: Precision, device: torch.device) -> torch.autocast:
    """What the encoder is called under; losses are to be taken outside, of float32."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16-mixed")
