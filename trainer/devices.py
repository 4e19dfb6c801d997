"""Where training calculates: on a GPU where one is at hand.

A model is put there once; everything else goes where its model lies. Captioned clips are trained
through Fabric, which chooses in the same way; there is no option, as CUDA_VISIBLE_DEVICES hides
GPUs from both.
"""

from __future__ import annotations

import torch
from torch import nn


def training_device() -> torch.device:
    """The first GPU, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(module: nn.Module) -> torch.device:
    """Where a module's parameters lie."""
    return next(module.parameters()).device
