"""What a person wants of each phrase of a caption, beyond the words.

Emphases lie over an encoded caption and can be changed without encoding text again. The alignment
graph knows no weights, so what counts twice is given to it twice. A boosted phrase's second row
stands outside the order of time: the graph takes the mean over time groups and phrases of any
time, to which such a row adds its presence once more, and the gist is the sum of all wanted rows.
A phrase that must not sound is taken off the score once for each of its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.errors import TokenAlignError
from tokenalign.query.types import ANYTIME, NEGATED

if TYPE_CHECKING:
    from tokenalign.caption_encoding import EncodedCaption


class Emphasis(StrEnum):
    """How much a phrase counts.

    NORMAL: as the caption says. REQUIRED: what has it not falls out; for a phrase under "without",
    what has it. BOOSTED: counts twice. MUTED: is shown and does not count. NEGATED: must not
    sound. REMOVED: as if the caption did not have it.
    """

    NORMAL = "normal"
    REQUIRED = "required"
    BOOSTED = "boosted"
    MUTED = "muted"
    NEGATED = "negated"
    REMOVED = "removed"


class PhraseRows(NamedTuple):
    """Phrases as the alignment graph takes them.

    Attributes:
        phrases: [S, D] unit vectors.
        rank: [S] int64 time groups, as in `tokenalign.query.types`.
    """

    phrases: NDArray[np.float32]
    rank: NDArray[np.int64]


@dataclass(frozen=True)
class Refinement:
    """Which of a caption's P phrases are shown, and which rows the score is made of.

    Attributes:
        rank: [P] time groups, or `NEGATED`, `ANYTIME`, before gaps are closed.
        shown: the phrases that are grounded, in order.
        scored: [S] the phrase of each scored row; a boosted one stands twice.
        scored_rank: [S] their time groups, without gaps.
        required: [S] bool, rows that must not fail.
    """

    rank: NDArray[np.int64]
    shown: NDArray[np.int64]
    scored: NDArray[np.int64]
    scored_rank: NDArray[np.int64]
    required: NDArray[np.bool_]


def refinement(rank: NDArray[np.int64], emphases: Sequence[Emphasis]) -> Refinement:
    """What emphases make of phrases.

    Args:
        rank: [P] as the caption has it.
        emphases: one for each phrase, or none at all for NORMAL everywhere.
    """
    marks = tuple(emphases) or (Emphasis.NORMAL,) * len(rank)

    def having(*wanted: Emphasis) -> NDArray[np.bool_]:
        return np.array([mark in wanted for mark in marks], bool)

    rank = np.where(having(Emphasis.NEGATED), NEGATED, rank).astype(np.int64)
    once = np.flatnonzero(~having(Emphasis.REMOVED, Emphasis.MUTED))
    again = np.flatnonzero(having(Emphasis.BOOSTED))
    again_rank = np.where(rank[again] == NEGATED, NEGATED, ANYTIME)
    scored = np.concatenate([once, again])
    return Refinement(
        rank=rank,
        shown=np.flatnonzero(~having(Emphasis.REMOVED)),
        scored=scored,
        scored_rank=np.concatenate([_closed_up(rank[once]), again_rank]),
        required=having(Emphasis.REQUIRED)[scored],
    )


def refined(caption: EncodedCaption, emphases: Sequence[Emphasis]) -> EncodedCaption:
    """The caption with these emphases in place of those it had; not on scale yet.

    Args:
        caption: encoded; its text is not encoded again.
        emphases: one for each phrase of ``caption.query``, or none.

    Raises:
        TokenAlignError: nothing is left to look for.
        ValueError: there are not as many emphases as phrases.
    """
    if emphases and len(emphases) != len(caption.query.phrases):
        raise ValueError(f"{len(emphases)} emphases for {len(caption.query.phrases)} phrases")
    changed = replace(caption, emphases=tuple(emphases))
    if not len(changed.refinement.scored):
        raise TokenAlignError(
            f"every phrase of the caption {caption.query.text!r} is muted or removed",
            "Take at least one phrase back in.",
        )
    return changed


def _closed_up(rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Time groups numbered 0, 1, 2, ... again."""
    ordered = rank >= 0
    closed = rank.copy()
    closed[ordered] = np.unique(rank[ordered], return_inverse=True)[1]
    return closed
