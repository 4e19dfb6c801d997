"""A loss that lets word times come out of training: all monotonic paths through the attention.

After R. Badlani et al., "One TTS Alignment To Rule Them All" (ICASSP 2022), section 3: the
likelihood of a transcript is the sum over the paths that visit its rows in order, each frame's
emission the softmax over the rows. Here rows for the gaps between words may be skipped, as words
may touch; there is no blank.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

IMPOSSIBLE = -1e5
"""Logarithm of the probability of what cannot be; finite, so that gradients are."""


def forward_sum(
    log_attention: Tensor, row_mask: Tensor, frame_mask: Tensor, optional: Tensor
) -> Tensor:
    """Mean over utterances and heads of the negative log-likelihood of a frame.

    Args:
        log_attention: [B, H, L, M], each row a distribution over frames.
        row_mask: [B, L] bool, True = real.
        frame_mask: [B, M] bool, True = real.
        optional: [B, L] bool, True = the row may be skipped; no two neighbours are.

    Returns:
        A scalar. An utterance with more obligatory rows than frames counts nothing.
    """
    heads = log_attention.shape[1]
    hidden = ~row_mask[:, None, :, None]
    emission = log_attention.masked_fill(hidden, IMPOSSIBLE).log_softmax(dim=2)
    emission = emission.clamp(min=IMPOSSIBLE).flatten(0, 1)  # [B * H, L, M]
    skip = torch.where(optional, 0.0, IMPOSSIBLE).repeat_interleave(heads, dim=0)
    frames = frame_mask.sum(dim=1).repeat_interleave(heads)
    total = _sum_of_paths(emission, skip, frames)
    last = row_mask.sum(dim=1, keepdim=True).repeat_interleave(heads, dim=0) - 1
    ends = torch.cat(
        [
            total.gather(1, last),
            total.gather(1, (last - 1).clamp(min=0)) + skip.gather(1, last),
        ],
        dim=1,
    )
    each = -ends.logsumexp(dim=1) / frames
    needed = (row_mask & ~optional).sum(dim=1).repeat_interleave(heads)
    possible = needed <= frames
    return each[possible].sum() / max(1, int(possible.sum()))


def _sum_of_paths(emission: Tensor, skip: Tensor, frames: Tensor) -> Tensor:
    """[N, L]: logarithm of the sum over paths from the start to each row at the last real frame.

    Args:
        emission: [N, L, M] log-probabilities.
        skip: [N, L], 0 where a row may be skipped, `IMPOSSIBLE` elsewhere.
        frames: [N] real frames.
    """
    begun = torch.full_like(skip, IMPOSSIBLE)
    begun[:, 0] = 0.0
    begun[:, 1:2] = skip[:, :1]
    paths = begun + emission[:, :, 0]
    over = _shifted(skip, 1)  # whether the row before may be skipped
    for frame in range(1, emission.shape[2]):
        reached = torch.stack([paths, _shifted(paths, 1), _shifted(paths, 2) + over])
        moved = reached.logsumexp(dim=0) + emission[:, :, frame]
        paths = torch.where((frame < frames).unsqueeze(1), moved.clamp(min=IMPOSSIBLE), paths)
    return paths


def _shifted(rows: Tensor, steps: int) -> Tensor:
    """Each row's place taken by the one so many before it; nothing stands before the first."""
    return nn.functional.pad(rows, (steps, 0), value=IMPOSSIBLE)[:, : rows.shape[1]]
