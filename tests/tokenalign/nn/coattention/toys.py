"""Toy captions and clips for the tests of co-attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import PADDING
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.query.types import ANYTIME, NEGATED

WIDTH = 8
SMALL = CoAttentionConfig(width=16, heads=2, dropout=0.0)


def unit(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, WIDTH, generator=torch.Generator().manual_seed(seed))
    return nn.functional.normalize(vectors, dim=-1)


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


def captions_of(*, seed: int = 1) -> Captions:
    """Three captions: one with "without", one of two phrases, one of one."""
    ranks = torch.tensor([[0, 1, NEGATED], [ANYTIME, ANYTIME, PADDING], [0, PADDING, PADDING]])
    tokens = unit(3, 5, seed=seed)
    return Captions(tokens, mask_of([5, 3, 1], 5), unit(3, 3, seed=seed + 1), ranks)


def clips_of(lengths: list[int], *, size: int = 6, seed: int = 3) -> Clips:
    mask = mask_of(lengths, size)
    frames = torch.where(mask.unsqueeze(-1), unit(len(lengths), size, seed=seed), 0.0)
    return Clips(frames, mask, unit_mean(frames, mask))
