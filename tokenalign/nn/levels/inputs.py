"""What the levels compare: encoded captions and encoded clips.

Shapes: B captions, N tokens, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


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
