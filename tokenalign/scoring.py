"""The one score: run a bundle's alignment graph over windows, and put raw scores on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenalign.bundle import Bundle
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.clip import Clip, FloatArray
from tokenalign.query.types import NEGATED
from tokenalign.refinement import PhraseRows
from tokenalign.reranking import Reranker
from tokenalign.wide_windows import WideSize, joined, scenes_in_a_row, wide_windows
from tokenalign.window_batch import WindowBatch, windows_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CHUNK = 512
"""Windows scored in one run of the graph."""

ODDS_OF_ABSENCE = 3.0
"""Log odds (0.95) of a match where nothing was asked for and nothing spoils."""

LEAST_LEAD = 0.02
"""Raw score by which a wide window must win, chance apart: near is better than far."""


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

    def frames(self, number: int, clip: Clip) -> slice:
        """The range of one of them, as far as the clip goes."""
        start = int(self.starts[number])
        return slice(start, min(start + int(self.lengths[number]), len(clip.frames)))


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
        self._wide_size = WideSize.of(bundle)
        self._in_a_row = scenes_in_a_row(background, self._wide_size)

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
            caption,
            usual_score=float(raw.mean() + more),
            score_deviation=float(raw.std() * wider),
            wide_gain=self._wide_gain(rows, raw),
        )

    def _wide_gain(self, rows: PhraseRows, raw: FloatArray) -> float:
        """How much higher wide windows score than the best of the scenes that they are made of,
        though these have nothing to do with each other.

        By what is wanted alone: what must not sound is there by chance more often, too, and would
        hide the gain from clips in which it never sounds.

        Args:
            rows: of the caption.
            raw: scores of the background's scenes, [C].
        """
        if not _ordered(rows):
            return 0.0
        wanted = rows.rank != NEGATED
        if not wanted.all():
            rows = PhraseRows(rows.phrases[wanted], rows.rank[wanted])
            raw = self.align(rows, self._background).score
        order = self._in_a_row
        wide = self.align(rows, joined(rows, self._background, order)).score
        return float((wide - raw[order].max(axis=1)).mean())

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
        return windows_of(clips, self._bundle.window_frames)

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
            max(own.max(), self._wide(caption, clip)[1].max(initial=-np.inf))
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
        wide_starts, wide_raw = self._wide(caption, clip)
        lengths = (self._bundle.window_frames, self._wide_size.length)
        return Contenders(
            starts=np.concatenate([clip.window_starts, wide_starts]),
            lengths=np.repeat(lengths, (len(raw), len(wide_raw))),
            raw=np.concatenate([raw, wide_raw]),
            aligned=aligned,
        )

    def _wide(self, caption: EncodedCaption, clip: Clip) -> tuple[NDArray[np.int64], FloatArray]:
        """First frames of the wide windows, and their raw scores, less what they cost.

        None for captions without an order and for clips of one window.
        """
        if not _ordered(caption.scored) or len(clip.window_starts) == 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        starts, batch = wide_windows(caption.scored, clip, self._wide_size)
        gained = caption.wide_gain * self._share_of_gain(batch)
        return starts, self.raw(caption, batch) - (np.float32(LEAST_LEAD) + gained)

    def _share_of_gain(self, batch: WindowBatch) -> FloatArray:
        """Of what whole wide windows gain by chance, what these gain, [C]: it grows with the
        logarithm of how many windows they hold, as a maximum over them does.
        """
        held = batch.mask.sum(axis=1) / self._bundle.window_frames
        most = max(2, self._in_a_row.shape[1])
        share: FloatArray = np.clip(np.log(held) / np.log(most), 0.0, 1.0).astype(np.float32)
        return share


def _ordered(rows: PhraseRows) -> bool:
    """Whether a caption tells of an order in time."""
    return bool(rows.rank.max() > 0)
