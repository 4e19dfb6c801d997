"""Log-mel of any length through a network that takes stretches of one length, inside a graph.

Stretches overlap, and what the network gives for them is cross-faded. A file that is encoded
piece by piece has no seams where pieces begin at multiples of the hop between stretches.

Shapes: C clips, T log-mel frames, F bands, W stretches, K columns of a stretch, M columns, D
width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def cut(mel: Tensor, *, length: int, hop: int, quiet: float, column: int) -> Tensor:
    """Cut into stretches so many that each column lies in one.

    Args:
        mel: [C, T, F], T a multiple of `column` and at least `length`.
        length: log-mel frames of a stretch.
        hop: log-mel frames from stretch to stretch.
        quiet: the log-mel of silence, which follows the end.
        column: log-mel frames of a column.

    Returns:
        [C, W, length, F].
    """
    # So much more that each column lies in a stretch, and no stretch has nothing to add.
    filled = nn.functional.pad(mel, (0, 0, 0, hop - column), value=quiet)
    return filled.unfold(1, length, hop).transpose(2, 3)


def cross_faded(stretches: Tensor, *, hop: int) -> Tensor:
    """Join [C, W, K, D], each beginning `hop` columns behind the one before, to [C, M, D].

    Args:
        stretches: what a network gave, each at most two hops long.
        hop: columns from stretch to stretch.
    """
    overlap = stretches.shape[2] - hop
    rise = ((torch.arange(overlap, device=stretches.device) + 0.5) / overlap).unsqueeze(1)
    faded = rise * stretches[:, 1:, :overlap] + (1 - rise) * stretches[:, :-1, hop:]
    inner = torch.cat([faded, stretches[:, 1:, overlap:hop]], dim=2).flatten(1, 2)
    return torch.cat([stretches[:, 0, :hop], inner, stretches[:, -1, hop:]], dim=1)
