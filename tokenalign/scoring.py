"""The one score: run a bundle's alignment graph over windows, and put raw scores on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio_encoding import windowed
from tokenalign.bundle import Bundle
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.clip import Clip, FloatArray, window_starts
from tokenalign.query.types import NEGATED
from tokenalign.refinement import PhraseRows
from tokenalign.reranking import Reranker

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CHUNK = 512
"""Windows scored in one run of the graph."""

WIDE_SECONDS = 60.0
"""Phrases in order of time are also found this far apart."""

ODDS_OF_ABSENCE = 3.0
"""Log odds (0.95) of a match where nothing was asked for and nothing spoils."""

WIDE_COST = 0.02
"""Raw score that a wide window must win by: near is better than far."""


class WindowBatch(NamedTuple):
    """Windows as the alignment graph takes them.

    Attributes:
        frames: [C, M, D].
        mask: [C, M] bool, True = real.
        windows: [C, D] unit vectors.
    """

    frames: FloatArray
    mask: NDArray[np.bool_]
    windows: FloatArray


@dataclass(frozen=True)
class WindowScores:
    """Raw outputs of the alignment graph for C windows.

    Attributes:
        score: [C], before calibration.
        presence: [C, P] on [0, 1].
        frame_scores: [C, P, M] on [0, 1].
    """

    score: FloatArray
    presence: FloatArray
    frame_scores: FloatArray

    def of(self, window: int) -> WindowScores:
        """Those of one window."""
        own = slice(window, window + 1)
        return WindowScores(self.score[own], self.presence[own], self.frame_scores[own])


@dataclass(frozen=True)
class Contenders:
    """Ranges of a clip's frames that compete as its moments.

    Attributes:
        starts: [C] first frames.
        lengths: [C] frames.
        raw: [C] raw scores.
        aligned: what the graph says of the first W of them, which are the clip's windows.
    """

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    raw: FloatArray
    aligned: WindowScores


class Scorer:
    """Scores of one bundle.

    Args:
        bundle: sizes and scale.
        session: the alignment graph.
        background: windows of other scenes that captions are held against.
        reranker: what judges the best windows again, where the bundle has it.
    """

    def __init__(
        self,
        bundle: Bundle,
        session: InferenceSession,
        background: WindowBatch,
        reranker: Reranker | None = None,
    ) -> None:
        self._bundle = bundle
        self._session = session
        self._background = background
        self._reranker = reranker

    def align(self, rows: PhraseRows, batch: WindowBatch) -> WindowScores:
        """Run the graph over windows; `rows` are a caption's scored ones or its shown ones."""
        parts = [self._run(rows, batch, first) for first in range(0, len(batch.frames), CHUNK)]
        return WindowScores(*(np.concatenate(outputs) for outputs in zip(*parts, strict=True)))

    def raw(self, caption: EncodedCaption, batch: WindowBatch) -> FloatArray:
        """Raw scores of windows, [C]; -inf where a phrase is required and fails.

        A required phrase fails where it is not found, and under "without" where it is.
        """
        return self._raw_of(caption, batch, self.align(caption.scored, batch))

    def _raw_of(
        self, caption: EncodedCaption, batch: WindowBatch, aligned: WindowScores
    ) -> FloatArray:
        """As `raw`, of windows that have been aligned."""
        raw = self._with_required(caption, aligned)
        return self._judged(caption, batch, aligned.frame_scores, raw)

    def _judged(
        self,
        caption: EncodedCaption,
        batch: WindowBatch,
        frame_scores: FloatArray,
        raw: FloatArray,
        *,
        most: int | None = None,
    ) -> FloatArray:
        if self._reranker is None or not self._reranker.judges(caption.scored.rank):
            return raw
        return self._reranker.added(caption.judged_tokens, raw, batch, frame_scores, most=most)

    def _with_required(self, caption: EncodedCaption, aligned: WindowScores) -> FloatArray:
        rows, required = caption.scored, caption.refinement.required
        found = aligned.presence[:, required] >= self._bundle.thresholds.found
        met = (found != (rows.rank[required] == NEGATED)).all(axis=1)
        return np.where(met, aligned.score, np.float32(-np.inf))

    def _run(self, rows: PhraseRows, batch: WindowBatch, first: int) -> list[FloatArray]:
        inputs: dict[str, NDArray[np.generic]] = {"phrases": rows.phrases, "rank": rows.rank}
        inputs |= {name: all_[first : first + CHUNK] for name, all_ in batch._asdict().items()}
        outputs: list[FloatArray] = self._session.run(None, inputs)
        return outputs

    def on_scale(self, caption: EncodedCaption) -> EncodedCaption:
        """The caption with the statistics of its raw score over the background.

        They put captions of all kinds (one phrase, several, in order) on one scale. A caption that
        only says what must not sound has no usual score: a clip without it matches well.
        """
        rows = caption.scored
        if (rows.rank == NEGATED).all():
            scale = self._bundle.score_scale
            margin = scale.centre + ODDS_OF_ABSENCE * scale.spread
            return replace(
                caption, usual_score=-margin * scale.least_deviation, score_deviation=0.0
            )
        aligned = self.align(rows, self._background)
        raw = aligned.score
        more, wider = self._changed_by_judging(caption, aligned)
        return replace(
            caption, usual_score=float(raw.mean() + more), score_deviation=float(raw.std() * wider)
        )

    def _changed_by_judging(
        self, caption: EncodedCaption, aligned: WindowScores
    ) -> tuple[float, float]:
        """How much higher the background's scores are on the whole where they are judged, and how
        much further apart.

        Told from as many windows as a search judges: each costs more than all else does.
        """
        if self._reranker is None or not self._reranker.judges(caption.scored.rank):
            return 0.0, 1.0
        few = slice(None, None, self._reranker.stride(len(aligned.score)))
        raw = aligned.score[few]
        frames, mask, windows = self._background
        batch = WindowBatch(frames[few], mask[few], windows[few])
        judged = self._judged(caption, batch, aligned.frame_scores[few], raw, most=len(raw))
        least = np.finfo(np.float32).tiny
        return float((judged - raw).mean()), float(judged.std() / max(raw.std(), least))

    def calibrated(self, caption: EncodedCaption, raw: FloatArray) -> FloatArray:
        """Raw scores to [0, 1], any shape: standard scores through a logistic."""
        scale = self._bundle.score_scale
        deviation = max(caption.score_deviation, scale.least_deviation)
        standard = (raw.astype(np.float64) - caption.usual_score) / deviation
        odds = (standard - scale.centre) / scale.spread
        return ((1.0 + np.tanh(odds / 2)) / 2).astype(np.float32)  # a logistic, at any odds

    def batch(self, clips: Sequence[Clip]) -> WindowBatch:
        """All windows of clips."""
        length = self._bundle.window_frames
        parts = [windowed(clip.frames, clip.window_starts, length) for clip in clips]
        frames, mask = (np.concatenate(part) for part in zip(*parts, strict=True))
        return WindowBatch(frames, mask, np.concatenate([clip.windows for clip in clips]))

    def best(
        self, caption: EncodedCaption, clips: Sequence[Clip], batch: WindowBatch
    ) -> FloatArray:
        """The calibrated score of each clip's best contender, [clips].

        Args:
            caption: on scale.
            clips: any number.
            batch: their windows, which several captions may share.
        """
        raw = self.raw(caption, batch)
        ends = np.cumsum([len(clip.windows) for clip in clips])
        best = [
            max(own.max(), self._wide(caption, clip)[2].max(initial=-np.inf))
            for own, clip in zip(np.split(raw, ends[:-1]), clips, strict=True)
        ]
        return self.calibrated(caption, np.array(best, np.float32))

    def first_stage(
        self, caption: EncodedCaption, clips: Sequence[Clip], batch: WindowBatch
    ) -> FloatArray:
        """What windows are chosen for the reranker by: the best of each clip, [clips], raw."""
        raw = self.align(caption.scored, batch).score
        ends = np.cumsum([len(clip.windows) for clip in clips])
        return np.array([own.max() for own in np.split(raw, ends[:-1])], np.float32)

    def contenders(self, caption: EncodedCaption, clip: Clip) -> Contenders:
        """A clip's windows, and for captions in order of time its wide ones."""
        batch = self.batch([clip])
        aligned = self.align(caption.scored, batch)
        raw = self._raw_of(caption, batch, aligned)
        starts, lengths, wide_raw = self._wide(caption, clip)
        return Contenders(
            starts=np.concatenate([clip.window_starts, starts]),
            lengths=np.concatenate([np.full(len(raw), self._bundle.window_frames), lengths]),
            raw=np.concatenate([raw, wide_raw]),
            aligned=aligned,
        )

    def _wide(
        self, caption: EncodedCaption, clip: Clip
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
        """Windows of a minute, so that "A then B" is found with other sounds between.

        None for captions without an order and for clips of one window.

        Returns:
            Their first frames, their lengths, and their raw scores.
        """
        grid = self._bundle.window_hop_frames
        reach = round(WIDE_SECONDS / self._bundle.frame_hop_s) + self._bundle.window_frames
        hop = reach // 2 // grid * grid
        length = reach + hop  # whatever lies within reach lies in one of them
        rows = caption.scored
        ordered = rows.rank.max() > 0 and len(clip.window_starts) > 1
        starts = window_starts(len(clip.frames), length, hop)
        if not ordered:
            return starts[:0], starts[:0], np.empty(0, np.float32)
        frames, mask = windowed(clip.frames, starts, length)
        gists = np.stack([_wide_gist(rows, clip, start, length) for start in starts.tolist()])
        raw = self.raw(caption, WindowBatch(frames, mask, gists)) - np.float32(WIDE_COST)
        return starts, np.full(len(starts), length), raw


def _wide_gist(rows: PhraseRows, clip: Clip, start: int, length: int) -> FloatArray:
    """Unit sum of the windows in range that are nearest to each wanted phrase, [D]."""
    inside = (clip.window_starts >= start) & (clip.window_starts < start + length)
    candidates = clip.windows[inside]
    nearest = (rows.phrases[rows.rank != NEGATED] @ candidates.T).argmax(axis=1)
    total = candidates[np.unique(nearest)].sum(axis=0)
    unit: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit
