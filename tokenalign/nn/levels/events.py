"""Events of a clip: contiguous runs of frames that resemble each other, and their vectors.

The cuts are the exact optimum of ``Σ_events (scatter + price)``, by dynamic programming over
prefix sums, where an event's scatter is its frames' squared distance from their mean (kernel
change-point detection, Harchaoui and Cappé 2007). They are found without gradient; the pooling
along them has one.

Shapes: C clips, M frames, D width, E events; masks are bool, True = real.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Events(NamedTuple):
    """Pooled events.

    Attributes:
        vectors: [C, E, D] unit vectors; zeros where no event is.
        share: [C, E] of the clip's real frames: sums to 1, or is all 0 for an empty clip.
        mask: [C, E] bool, True = an event with frames.
    """

    vectors: Tensor
    share: Tensor
    mask: Tensor


@torch.no_grad()
def cut_into_events(frames: Tensor, mask: Tensor, *, most: int = 4, price: float = 1.0) -> Tensor:
    """Find where events begin and end.

    Args:
        frames: [C, M, D].
        mask: [C, M] bool.
        most: E, most events of a clip.
        price: what a further event must save of the scatter to be worth a cut; unit vectors at
            right angles scatter by about one a frame.

    Returns:
        [C, E + 1] int64 frame numbers, rising; event e covers frames ``cuts[e] <= m < cuts[e+1]``.
        Events without frames are there to fill up.
    """
    with torch.autocast(frames.device.type, enabled=False):  # differences of long sums
        cost = _costs(frames.float(), mask, price)
    best, origins = cost[:, 0], []
    for _ in range(most - 1):
        best, origin = (best.unsqueeze(2) + cost).min(dim=1)
        origins.append(origin)
    end = torch.full((len(frames),), frames.shape[1], device=frames.device)
    cuts = [end]
    for origin in reversed(origins):
        cuts.append(origin.gather(1, cuts[-1].unsqueeze(1)).squeeze(1))
    cuts.append(torch.zeros_like(end))
    return torch.stack(cuts[::-1], dim=1)


def _costs(frames: Tensor, mask: Tensor, price: float) -> Tensor:
    """Cost of every run of frames, [C, M + 1 from inclusive, M + 1 to exclusive].

    A run without real frames costs nothing, one that ends before it begins costs inf.
    """
    real = torch.where(mask.unsqueeze(-1), frames, 0.0)
    sums = nn.functional.pad(real.cumsum(dim=1), (0, 0, 1, 0))
    squares = nn.functional.pad(real.square().sum(dim=-1).cumsum(dim=1), (1, 0))
    counts = nn.functional.pad(mask.cumsum(dim=1), (1, 0))
    count, energy = (_differences(prefix) for prefix in (counts, squares))
    gram = sums @ sums.transpose(1, 2)
    power = gram.diagonal(dim1=1, dim2=2)
    between = power.unsqueeze(1) + power.unsqueeze(2) - 2 * gram  # |sum over the run|²
    scatter = (energy - between / count.clamp(min=1)).clamp(min=0.0)
    cost = torch.where(count > 0, scatter + price, 0.0)
    backwards = torch.ones_like(cost, dtype=torch.bool).tril(diagonal=-1)
    return cost.masked_fill(backwards, torch.inf)


def _differences(prefix: Tensor) -> Tensor:
    """[C, M + 1] prefix sums to sums over all runs, [C, from, to]."""
    return prefix.unsqueeze(1) - prefix.unsqueeze(2)


def pool_events(frames: Tensor, mask: Tensor, cuts: Tensor) -> Events:
    """Mean of each event's real frames, with gradient to the frames.

    Args:
        frames: [C, M, D].
        mask: [C, M] bool.
        cuts: [C, E + 1] from `cut_into_events`, or from an index.
    """
    number = torch.arange(frames.shape[1], device=frames.device)
    begun = number >= cuts[:, :-1, None]
    member = (begun & (number < cuts[:, 1:, None]) & mask.unsqueeze(1)).to(frames.dtype)
    size = member.sum(dim=-1)
    vectors = nn.functional.normalize(member @ frames, dim=-1)
    return Events(vectors, size / mask.sum(dim=-1, keepdim=True).clamp(min=1), size > 0)
