"""A grounding as lanes: one for each phrase, with the words that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.query.types import Relation


@dataclass(frozen=True)
class TokenRow:
    """One word of a phrase, however many tokens it has.

    Attributes:
        text: the word.
        weight: its share in the phrase, [0, 1].
        attention: [M], where it listens, as shares of its strongest frame.
    """

    text: str
    weight: float
    attention: NDArray[np.float32]


@dataclass(frozen=True)
class Lane:
    """One phrase.

    Attributes:
        index: of the phrase in its grounding.
        phrase: where it sounds.
        tokens: in the order of the caption.
    """

    index: int
    phrase: PhraseGrounding
    tokens: tuple[TokenRow, ...]

    @property
    def text(self) -> str:
        """What stands before the lane."""
        return self.phrase.text

    @property
    def relation(self) -> Relation:
        """How the phrase joins those before it."""
        return self.phrase.relation

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The spans, as `PhraseGrounding.segments`."""
        return self.phrase.segments

    @property
    def unwanted(self) -> bool:
        """Whether the phrase must not sound."""
        return self.phrase.relation is Relation.WITHOUT

    @property
    def best(self) -> Segment | None:
        """The strongest span; of a phrase that is not heard, where the sound comes nearest."""
        return max(self.phrase.segments, key=lambda segment: segment.score, default=None)


def lanes_of(grounding: Grounding | None) -> tuple[Lane, ...]:
    """The lanes of a grounding; none without one."""
    if grounding is None:
        return ()
    return tuple(
        Lane(index, phrase, _token_rows(grounding, phrase))
        for index, phrase in enumerate(grounding.phrases)
    )


def _token_rows(grounding: Grounding, phrase: PhraseGrounding) -> tuple[TokenRow, ...]:
    return tuple(
        TokenRow(word.text, word.weight, _shares(word.attention))
        for word in grounding.words_of(phrase)
    )


def _shares(attention: NDArray[np.float32]) -> NDArray[np.float32]:
    highest = float(attention.max(initial=0.0))
    shares: NDArray[np.float32] = attention / highest if highest > 0 else attention
    return shares
