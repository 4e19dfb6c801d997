"""The global level: one vector a caption, one a clip, and their cosine.

Shapes: B captions, C clips, N entries, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def unit_mean(vectors: Tensor, mask: Tensor) -> Tensor:
    """Direction of the mean over real entries.

    Args:
        vectors: [..., N, D].
        mask: [..., N] bool.

    Returns:
        [..., D] unit vectors; zeros where nothing is real.
    """
    total = torch.where(mask.unsqueeze(-1), vectors, 0.0).sum(dim=-2)
    return nn.functional.normalize(total, dim=-1)


def global_score(units: Tensor, unit_mask: Tensor, clips: Tensor) -> Tensor:
    """Cosine of each caption's mean unit with each clip's vector.

    Args:
        units: [B, N, D] tokens or phrases.
        unit_mask: [B, N] bool.
        clips: [C, D] unit vectors, `unit_mean` of frames or an encoder's gist.

    Returns:
        [B, C] within [-1, 1]; 0 for a caption without units.
    """
    return unit_mean(units, unit_mask) @ clips.transpose(0, 1)
