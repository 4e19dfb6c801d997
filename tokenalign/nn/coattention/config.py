"""Sizes and switches of the co-attention system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tokenalign.errors import TokenAlignError
from tokenalign.nn.matching.inputs import Part

CascadeKind = Literal["stacked", "iterated", "encoder-decoder"]


@dataclass(frozen=True)
class CoAttentionConfig:
    """One matcher.

    Attributes:
        cascade: layers of their own weights, one layer applied again and again, or each side read
            by itself before the sides read each other.
        depth: L, how many layers, or how many times the one.
        width: W, of the states inside; tokens and frames are projected to it.
        heads: of each attention.
        feed: how many times W the feed-forward blocks are wide inside.
        dropout: share of states dropped in training.
        pair_weight: of a pair's probability, beside its first-stage cosine.
        negatives: wrong clips drawn for each caption of a batch, and captions for each clip.

    Raises:
        TokenAlignError: a number that cannot be.
    """

    cascade: CascadeKind = "iterated"
    depth: int = 2
    width: int = 64
    heads: int = 4
    feed: int = 2
    dropout: float = 0.1
    pair_weight: float = 1.0
    negatives: int = 1

    reads: ClassVar[frozenset[Part]] = frozenset(("tokens", "phrases", "frames"))
    """What the matcher looks at."""

    def __post_init__(self) -> None:
        for name in ("depth", "width", "heads", "feed", "negatives"):
            if getattr(self, name) < 1:
                raise TokenAlignError(
                    f"setting {name}: {getattr(self, name)} is too small", "at least 1"
                )
        if self.width % (2 * self.heads):
            raise TokenAlignError(
                f"setting width: {self.width} does not fit {self.heads} heads",
                f"a multiple of {2 * self.heads}",
            )
