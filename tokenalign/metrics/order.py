"""Whether a model hears which sound came first: groups of two captions and two clips.

Both captions name the same sounds in opposite orders, and each clip is right for one of them, as in
CompA-order (Ghosh et al., 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class OrderWins:
    """Which groups were got right; the mean of each is its score.

    Attributes:
        text: [G] each clip scores its own caption above the other one. Chance 1/4.
        audio: [G] each caption scores its own clip above the other one. Chance 1/4.
        group: [G] both. Chance 1/6.
    """

    text: NDArray[np.bool_]
    audio: NDArray[np.bool_]
    group: NDArray[np.bool_]


def order_wins(scores: NDArray[np.floating]) -> OrderWins:
    """Judge groups; equal scores lose.

    Args:
        scores: [G, 2, 2], group by caption by clip; caption i describes clip i.

    Raises:
        ValueError: another shape.
    """
    if scores.shape[1:] != (2, 2):
        raise ValueError(f"scores {scores.shape}: must be [G, 2, 2]")
    first, first_on_second = scores[:, 0, 0], scores[:, 0, 1]
    second_on_first, second = scores[:, 1, 0], scores[:, 1, 1]
    text = (first > second_on_first) & (second > first_on_second)
    audio = (first > first_on_second) & (second > second_on_first)
    return OrderWins(text=text, audio=audio, group=text & audio)
