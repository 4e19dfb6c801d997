"""Where and why: the answer to "which part of this clip matches which phrase".

This file holds the values; `tokenalign.grounder` computes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokenalign.query.types import Relation


@dataclass(frozen=True)
class Segment:
    """A span of a clip in which a phrase is heard; ``score`` is its highest frame score, [0, 1]."""

    start_s: float
    end_s: float
    score: float


@dataclass(frozen=True)
class PhraseGrounding:
    """One phrase of the caption, and where it sounds.

    Attributes:
        text: the phrase.
        relation: how it joins those before it.
        start_char: where it begins in the caption.
        end_char: one past where it ends.
        score: calibrated presence in the clip, [0, 1].
        found: whether it was heard, also for a phrase under "without".
        segments: where it sounds, in order of time; of a wanted phrase that was not found, where
            the clip comes nearest to it (few clips come near to none); see `heard`.
        frame_scores: [M] calibrated presence per frame, [0, 1].
        frame_edges_s: [M + 1] seconds.
    """

    text: str
    relation: Relation
    start_char: int
    end_char: int
    score: float
    found: bool
    segments: tuple[Segment, ...]
    frame_scores: NDArray[np.float32]
    frame_edges_s: NDArray[np.float64]

    @property
    def heard(self) -> tuple[Segment, ...]:
        """Where it was heard: its segments if it was found, else none."""
        return self.segments if self.found else ()


@dataclass(frozen=True)
class TokenWeight:
    """A token of the caption and the share it has in its phrase's vector, [0, 1]."""

    text: str
    start_char: int
    end_char: int
    weight: float


@dataclass(frozen=True)
class CaptionWord:
    """A word of a phrase: one token, or several that touch each other ("bark", "s").

    Attributes:
        text: as the caption has it.
        weight: the share of its tokens in the phrase's vector, [0, 1].
        attention: [M], where its tokens listen, by their weights; sums to 1.
    """

    text: str
    weight: float
    attention: NDArray[np.float32]


@dataclass(frozen=True)
class Grounding:
    """A caption held against one clip.

    Attributes:
        caption: the whole text.
        score: what search ranks by, [0, 1].
        phrases: in order of time, negated ones last.
        tokens: the N tokens of the phrases, in the phrases' order.
        attention: [N, M], where each token listens; a row sums to 1.
        frame_edges_s: [M + 1] seconds.
    """

    caption: str
    score: float
    phrases: tuple[PhraseGrounding, ...]
    tokens: tuple[TokenWeight, ...]
    attention: NDArray[np.float32]
    frame_edges_s: NDArray[np.float64]

    def words_of(self, phrase: PhraseGrounding) -> tuple[CaptionWord, ...]:
        """The words of one of the phrases, in the order of the caption."""
        words: list[list[int]] = []
        for number, token in enumerate(self.tokens):
            if not phrase.start_char <= token.start_char < phrase.end_char:
                continue
            if words and self.tokens[words[-1][-1]].end_char == token.start_char:
                words[-1].append(number)
            else:
                words.append([number])
        return tuple(map(self._word, words))

    def _word(self, numbers: Sequence[int]) -> CaptionWord:
        """The word that some tokens in a row make."""
        tokens = [self.tokens[number] for number in numbers]
        weights = np.array([token.weight for token in tokens], np.float32)
        shares = np.maximum(weights, np.finfo(np.float32).tiny)
        return CaptionWord(
            text=self.caption[tokens[0].start_char : tokens[-1].end_char],
            weight=float(weights.sum()),
            attention=np.average(self.attention[numbers], axis=0, weights=shares),
        )


def ungrounded(duration_s: float) -> Grounding:
    """A clip that no caption is held against: its time axis, and nothing on it."""
    return Grounding(
        caption="",
        score=0.0,
        phrases=(),
        tokens=(),
        attention=np.zeros((0, 1), np.float32),
        frame_edges_s=np.array([0.0, duration_s]),
    )


NEAR_THE_STRONGEST = 0.65
"""Share of its strongest frame that a frame of a faint phrase must reach to be in a span."""


def span_segments(
    frame_scores: NDArray[np.float32],
    frame_edges_s: NDArray[np.float64],
    *,
    threshold: float,
    join_gap_s: float,
    core: slice = slice(None),
) -> tuple[Segment, ...]:
    """The spans of a phrase: over the threshold, and in a faint phrase near its strongest frame.

    Arguments as in `spans`; there is always one span at least. Of the frames, those in `core`
    count: spans reach into them, and beyond only over the threshold; their scores are those there.
    """
    inside = np.zeros(len(frame_scores), bool)
    inside[core] = True
    faint = NEAR_THE_STRONGEST * float(frame_scores[core].max())
    least = np.where(inside, min(threshold, faint), threshold)
    found = spans(frame_scores, frame_edges_s, threshold=least, join_gap_s=join_gap_s)
    middles_s = (frame_edges_s[1:] + frame_edges_s[:-1]) / 2
    counting = (
        (span, inside & (middles_s > span.start_s) & (middles_s < span.end_s)) for span in found
    )
    return tuple(
        replace(span, score=float(frame_scores[own].max())) for span, own in counting if own.any()
    )


def spans(
    frame_scores: NDArray[np.float32],
    frame_edges_s: NDArray[np.float64],
    *,
    threshold: float | NDArray[np.float64],
    join_gap_s: float,
) -> tuple[Segment, ...]:
    """Frames at or above a threshold, joined into spans.

    Args:
        frame_scores: [M].
        frame_edges_s: [M + 1] seconds.
        threshold: the lowest score that counts as heard; one for all frames, or [M].
        join_gap_s: spans this far apart or nearer are one.
    """
    heard = np.concatenate(([False], frame_scores >= threshold, [False]))
    changes = np.flatnonzero(heard[1:] != heard[:-1])
    joined: list[tuple[int, int]] = []
    for first, end in changes.reshape(-1, 2).tolist():
        if joined and frame_edges_s[first] - frame_edges_s[joined[-1][1]] <= join_gap_s:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return tuple(
        Segment(
            start_s=float(frame_edges_s[first]),
            end_s=float(frame_edges_s[end]),
            score=float(frame_scores[first:end].max()),
        )
        for first, end in joined
    )
