"""From aligned windows to what sounds where: presence, frame scores and spans of each phrase.

Shapes: W windows, M frames, G phrases that are shown.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenalign.bundle import Bundle
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.clip import Clip, FloatArray, window_starts
from tokenalign.grounding import Grounding, PhraseGrounding, Segment, span_segments
from tokenalign.query.types import NEGATED, Phrase
from tokenalign.scoring import WindowScores

ATTENTION_SHARPNESS = 12.0
"""Inverse temperature of a token's attention over frames."""


class Grounder:
    """Grounds captions in clips, or in parts of them.

    Args:
        bundle: its thresholds, and its grid of windows.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def ground(
        self,
        caption: EncodedCaption,
        clip: Clip,
        frames: slice,
        aligned: WindowScores,
        *,
        score: float,
    ) -> Grounding:
        """A range of a clip's frames, and up to half a window around it of sounds that it cuts.

        Args:
            caption: on scale.
            clip: the whole.
            frames: the range, which begins with a window.
            aligned: all of the clip's windows with the caption's shown rows.
            score: of the range.

        Returns:
            Times on the clip's axis. Phrases are found, or not, in the range alone, and their spans
            reach into it.
        """
        hop = self._bundle.window_hop_frames
        first, end = max(0, frames.start - hop), min(frames.stop + hop, len(clip.frames))
        curves = self._curves(clip, first, end, aligned)
        edges_s = clip.frame_edges_s[first : end + 1]
        core = slice(frames.start - first, frames.stop - first)
        own = self._windows_in(clip, frames.start, frames.stop)
        presence = aligned.presence[own].max(axis=0)
        shown = caption.shown_tokens
        return Grounding(
            caption=caption.query.text,
            score=score,
            phrases=tuple(
                self._phrase(phrase, float(presence[row]), curves[row], edges_s, core)
                for row, phrase in enumerate(caption.shown_phrases)
            ),
            tokens=tuple(token for token, kept in zip(caption.tokens, shown, strict=True) if kept),
            attention=_attention(caption.token_vectors[shown], clip.frames[first:end]),
            frame_edges_s=edges_s,
        )

    def _curves(self, clip: Clip, first: int, end: int, aligned: WindowScores) -> FloatArray:
        """Frame scores of all windows on the clip's one grid, [G, end - first].

        They are 0 where nothing sounds: what the graph makes of no vector lies above what it makes
        of other sounds.
        """
        curves = np.zeros((aligned.frame_scores.shape[1], end - first), np.float32)
        for window in self._windows_in(clip, first, end):
            scores, start = aligned.frame_scores[window], clip.window_starts[window] - first
            inside = min(scores.shape[1], end - first - start)
            curves[:, start : start + inside] = scores[:, :inside]
        curves[:, ~clip.frames[first:end].any(axis=1)] = 0.0
        return curves

    def _windows_in(self, clip: Clip, first: int, end: int) -> NDArray[np.int64]:
        """Numbers of the windows that cover frames [first, end) of a clip."""
        bundle = self._bundle
        starts = window_starts(end - first, bundle.window_frames, bundle.window_hop_frames)
        return np.flatnonzero(np.isin(clip.window_starts, first + starts))

    def _phrase(
        self,
        phrase: Phrase,
        presence: float,
        curve: FloatArray,
        edges_s: NDArray[np.float64],
        core: slice,
    ) -> PhraseGrounding:
        found = presence >= self._bundle.thresholds.found
        wanted = phrase.rank != NEGATED
        return PhraseGrounding(
            text=phrase.text,
            relation=phrase.relation,
            start_char=phrase.start_char,
            end_char=phrase.end_char,
            score=presence,
            found=found,
            segments=self._spans(curve, edges_s, core) if found or wanted else (),
            frame_scores=curve,
            frame_edges_s=edges_s,
        )

    def _spans(
        self, curve: FloatArray, edges_s: NDArray[np.float64], core: slice
    ) -> tuple[Segment, ...]:
        """Those at the bundle's threshold that reach into the core."""
        thresholds = self._bundle.thresholds
        return span_segments(
            curve,
            edges_s,
            threshold=thresholds.frame,
            join_gap_s=thresholds.join_gap_s,
            core=core,
        )


def _attention(token_vectors: FloatArray, frames: FloatArray) -> FloatArray:
    """Where each token listens: softmax over frames of its similarity, [N, M]."""
    logits = ATTENTION_SHARPNESS * (token_vectors @ frames.T)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    attention: FloatArray = weights / weights.sum(axis=1, keepdims=True)
    return attention
