"""What every matcher is given: encoded captions, encoded clips, and who belongs to whom.

Shapes: B captions, N tokens, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from torch import Tensor

Part = Literal["tokens", "phrases", "frames"]
"""Of captions and clips, what a matcher may look at besides whole clips."""


class Captions(NamedTuple):
    """Encoded captions.

    Attributes:
        tokens: [B, N, D] unit vectors of the whole caption's tokens, specials left out.
        token_mask: [B, N] bool.
        phrases: [B, P, D] unit vectors.
        rank: [B, P] int64: time group, or NEGATED, ANYTIME, PADDING.
    """

    tokens: Tensor
    token_mask: Tensor
    phrases: Tensor
    rank: Tensor

    def at(self, rows: Tensor) -> Captions:
        """Some of them, by an index or a mask [B]."""
        return Captions(*(part[rows] for part in self))

    @property
    def together(self) -> Tensor:
        """[B] bool, which of them tell of sounds that are heard together: phrases of one group."""
        alike = self.rank.unsqueeze(1) == self.rank.unsqueeze(2)
        others = alike.triu(diagonal=1) & (self.rank >= 0).unsqueeze(1)
        return others.flatten(1).any(dim=1)


class Clips(NamedTuple):
    """Encoded clips.

    Attributes:
        frames: [C, M, D], of length 1 or shorter.
        mask: [C, M] bool.
        windows: [C, D] unit vectors of whole clips.
    """

    frames: Tensor
    mask: Tensor
    windows: Tensor


class Relations(NamedTuple):
    """What training knows of captions and clips.

    Attributes:
        positive: [B, C] bool, True = they belong together.
        excluded: [B, C] bool, True = they may well belong together though nobody said so; a pair
            that is positive too counts as positive.
        swapped: E captions that tell the order wrong, further negatives; None where there are none.
        swapped_false: [E, C] bool, False = the swapped caption happens to be true of the clip.
    """

    positive: Tensor
    excluded: Tensor
    swapped: Captions | None = None
    swapped_false: Tensor | None = None
