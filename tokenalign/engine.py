"""Run a bundle: audio and captions to vectors, vectors to scores, scores to spans.

One model scores everything the same way: search, ranking of moments and grounding all go
through `Model.rank_windows`. No torch here; the graphs run in ONNX Runtime.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tokenalign.audio import LogMel, probe, stream_mono, to_mono
from tokenalign.audio_encoding import AudioEncoder, windowed
from tokenalign.bundle import Bundle, find_bundle
from tokenalign.caption_encoding import CaptionEncoder, EncodedCaption
from tokenalign.clip import Clip, FloatArray, window_starts
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.grounding import Grounding, PhraseGrounding, Segment, spans
from tokenalign.query.types import NEGATED

CHUNK = 512
"""Windows scored in one run of the alignment graph."""

WIDE_SECONDS = 60.0
"""Phrases in order of time are also found this far apart."""

WIDE_COST = 0.02
"""Raw score that a wide window must win by: near is better than far."""

ATTENTION_SHARPNESS = 12.0
"""Inverse temperature of a token's attention over frames."""


@dataclass(frozen=True)
class Moment:
    """A part of a clip that answers a caption: a window narrowed to the hull of its spans."""

    start_s: float
    end_s: float
    score: float
    grounding: Grounding


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
class _Windows:
    """Ranges of a clip's frames that compete as moments: starts, lengths and raw scores, [C]."""

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    raw: FloatArray


class Model:
    """A bundle, loaded.

    Args:
        bundle: what to load; its files are not verified here (see `Bundle.verify`).
        threads: threads of ONNX Runtime; by default as many as there are cores.
    """

    def __init__(self, bundle: Bundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        self._mel = LogMel(bundle.front_end)
        self._audio = AudioEncoder(bundle, _session(bundle.path / "audio.onnx", threads))
        self._captions = CaptionEncoder(
            _session(bundle.path / "text.onnx", threads),
            Tokenizer.from_file(str(bundle.path / "tokenizer.json")),
        )
        self._align = _session(bundle.path / "align.onnx", threads)
        self._background = (
            np.load(bundle.path / "background_frames.npy", allow_pickle=False).astype(np.float32),
            np.load(bundle.path / "background_windows.npy", allow_pickle=False).astype(np.float32),
        )
        self._scales: dict[str, tuple[float, float]] = {}

    # Encoding

    def encode_file(self, path: str | os.PathLike[str]) -> Clip:
        """Decode and encode a file of any length, streamed.

        Raises:
            AudioFileError: the file cannot be used.
        """
        info = probe(Path(path))
        blocks = stream_mono(Path(path), sample_rate=self.bundle.front_end.sample_rate)
        try:
            return self.encode_mel(self._mel.stream(blocks), duration_s=info.duration_s)
        except AudioFileError:
            raise
        except TokenAlignError as error:
            raise AudioFileError(str(path), error.message, error.hint) from error

    def encode_audio(self, samples: NDArray[np.floating], sample_rate: int) -> Clip:
        """Encode samples, [S] or [S, channels], at any rate."""
        rate = self.bundle.front_end.sample_rate
        mono = to_mono(np.asarray(samples, np.float32), sample_rate, target_rate=rate)
        return self.encode_mel([self._mel(mono)], duration_s=len(samples) / sample_rate)

    def encode_mel(self, blocks: Iterable[FloatArray], *, duration_s: float | None = None) -> Clip:
        """Encode log-mel blocks, [T_i, F] each, made with the bundle's front end."""
        return self._audio.encode(blocks, duration_s)

    def encode_text(self, caption: str) -> EncodedCaption:
        """Parse and encode a caption; raises `TokenAlignError` if it names no sound."""
        return self._captions.encode(caption)

    # Scoring

    def align(
        self,
        caption: EncodedCaption,
        frames: FloatArray,
        mask: NDArray[np.bool_],
        windows: FloatArray,
    ) -> WindowScores:
        """Run the alignment graph; shapes as in `rank_windows`."""
        parts = [
            self._align.run(
                None,
                {
                    "phrases": caption.phrases,
                    "rank": caption.rank,
                    "frames": frames[first : first + CHUNK],
                    "mask": mask[first : first + CHUNK],
                    "windows": windows[first : first + CHUNK],
                },
            )
            for first in range(0, len(frames), CHUNK)
        ]
        score, presence, frame_scores = (
            np.concatenate(outputs) for outputs in zip(*parts, strict=True)
        )
        return WindowScores(score, presence, frame_scores)

    def rank_windows(
        self,
        caption: EncodedCaption,
        frames: FloatArray,
        mask: NDArray[np.bool_],
        windows: FloatArray,
    ) -> FloatArray:
        """The score of windows, on [0, 1].

        Args:
            caption: from `encode_text`.
            frames: [C, M, D].
            mask: [C, M] bool.
            windows: [C, D].

        Returns:
            [C].
        """
        return self._calibrated(caption, self.align(caption, frames, mask, windows).score)

    def score(self, captions: Sequence[str], clips: Sequence[Clip]) -> FloatArray:
        """Scores of all captions against all clips, [captions, clips] on [0, 1].

        A clip scores as its best window does; each pair is scored by itself.
        """
        batch = self._window_batch(clips)
        best = [self._best_windows(self.encode_text(one), clips, batch) for one in captions]
        return self._probability(np.array(best, np.float32).reshape(len(captions), len(clips)))

    def _window_batch(
        self, clips: Sequence[Clip]
    ) -> tuple[FloatArray, NDArray[np.bool_], FloatArray]:
        """All windows of clips as one batch: frames, mask and gists as in `rank_windows`."""
        length = self.bundle.window_frames
        parts = [windowed(clip.frames, clip.window_starts, length) for clip in clips]
        frames, mask = (np.concatenate(part) for part in zip(*parts, strict=True))
        return frames, mask, np.concatenate([clip.windows for clip in clips])

    def _best_windows(
        self,
        caption: EncodedCaption,
        clips: Sequence[Clip],
        batch: tuple[FloatArray, NDArray[np.bool_], FloatArray],
    ) -> FloatArray:
        """Standard score of each clip's best window, wide ones included, [clips]."""
        raw = self.align(caption, *batch).score
        ends = np.cumsum([len(clip.windows) for clip in clips])
        best = [
            max(own.max(), self._wide(caption, clip).raw.max(initial=-np.inf))
            for own, clip in zip(np.split(raw, ends[:-1]), clips, strict=True)
        ]
        return self._standard(caption, np.array(best, np.float32))

    def _standard(self, caption: EncodedCaption, raw: FloatArray) -> FloatArray:
        """Raw scores as standard scores against the bundle's background of other scenes.

        This puts captions of all kinds (one phrase, several, in order) on one scale.
        """
        text = caption.query.text
        if text not in self._scales:
            frames, windows = self._background
            mask = np.ones(frames.shape[:2], bool)
            background = self.align(caption, frames, mask, windows).score
            self._scales[text] = (float(background.mean()), float(background.std()))
        mean, deviation = self._scales[text]
        floor = self.bundle.score_scale.least_deviation
        standard: FloatArray = ((raw - mean) / max(deviation, floor)).astype(np.float32)
        return standard

    def _calibrated(self, caption: EncodedCaption, raw: FloatArray) -> FloatArray:
        """Raw scores to [0, 1], any shape."""
        return self._probability(self._standard(caption, raw))

    def _probability(self, standard: FloatArray) -> FloatArray:
        scale = self.bundle.score_scale
        odds = (standard.astype(np.float64) - scale.centre) / scale.spread
        return (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)

    # Windows of a clip

    def _windows(self, caption: EncodedCaption, clip: Clip) -> _Windows:
        """Score a clip's windows, and for captions in order of time its wide ones."""
        raw = self.align(caption, *self._window_batch([clip])).score
        lengths = np.full(len(raw), self.bundle.window_frames)
        wide = self._wide(caption, clip)
        return _Windows(
            np.concatenate([clip.window_starts, wide.starts]),
            np.concatenate([lengths, wide.lengths]),
            np.concatenate([raw, wide.raw]),
        )

    def _wide(self, caption: EncodedCaption, clip: Clip) -> _Windows:
        """Windows of a minute, so that "A then B" is found with other sounds between.

        None for captions without an order and for clips of one window.
        """
        length = round(WIDE_SECONDS / self.bundle.frame_hop_s) + self.bundle.window_frames
        ordered = caption.rank.max() > 0 and len(clip.window_starts) > 1
        hop = length // 2 // self.bundle.window_hop_frames * self.bundle.window_hop_frames
        starts = window_starts(len(clip.frames), length, hop)[: None if ordered else 0]
        if len(starts) == 0:
            return _Windows(starts, starts, np.empty(0, np.float32))
        frames, mask = windowed(clip.frames, starts, length)
        gists = np.stack([self._wide_gist(caption, clip, s, length) for s in starts])
        raw = self.align(caption, frames, mask, gists).score - WIDE_COST
        return _Windows(starts, np.full(len(starts), length), raw)

    def _wide_gist(
        self, caption: EncodedCaption, clip: Clip, start: int, length: int
    ) -> FloatArray:
        """Unit sum of the windows in range that are nearest to each wanted phrase, [D]."""
        inside = (clip.window_starts >= start) & (clip.window_starts < start + length)
        candidates = clip.windows[inside]
        nearest = (caption.phrases[caption.rank != NEGATED] @ candidates.T).argmax(axis=1)
        total = candidates[np.unique(nearest)].sum(axis=0)
        unit: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
        return unit

    # Grounding

    def ground(self, caption: str | EncodedCaption, clip: Clip) -> Grounding:
        """Which parts of a clip match which phrase.

        Args:
            caption: text, or from `encode_text`.
            clip: from `encode_file` or `encode_audio`.
        """
        encoded = self.encode_text(caption) if isinstance(caption, str) else caption
        length = self.bundle.window_frames
        frames, mask = windowed(clip.frames, clip.window_starts, length)
        scores = self.align(encoded, frames, mask, clip.windows)
        frame_scores = np.zeros((len(encoded.phrases), len(clip.frames)), np.float32)
        for start, window in zip(clip.window_starts, scores.frame_scores, strict=True):
            inside = min(length, len(clip.frames) - start)
            frame_scores[:, start : start + inside] = window[:, :inside]
        return Grounding(
            caption=encoded.query.text,
            score=float(self._calibrated(encoded, self._windows(encoded, clip).raw).max()),
            phrases=tuple(
                self._ground_phrase(encoded, row, float(presence), frame_scores[row], clip)
                for row, presence in enumerate(scores.presence.max(axis=0))
            ),
            tokens=encoded.tokens,
            attention=_attention(encoded.token_vectors, clip.frames),
            frame_edges_s=clip.frame_edges_s,
        )

    def _ground_phrase(
        self, caption: EncodedCaption, row: int, presence: float, scores: FloatArray, clip: Clip
    ) -> PhraseGrounding:
        phrase = caption.query.phrases[row]
        found = presence >= self.bundle.thresholds.found
        return PhraseGrounding(
            text=phrase.text,
            relation=phrase.relation,
            start_char=phrase.start_char,
            end_char=phrase.end_char,
            score=presence,
            found=found,
            segments=self._segments(scores, clip) if found else (),
            frame_scores=scores,
            frame_edges_s=clip.frame_edges_s,
        )

    def _segments(self, scores: FloatArray, clip: Clip) -> tuple[Segment, ...]:
        """Spans of a phrase that was heard: never none, the loudest evidence counts."""
        thresholds = self.bundle.thresholds
        return spans(
            scores,
            clip.frame_edges_s,
            threshold=min(thresholds.frame, float(scores.max())),
            join_gap_s=thresholds.join_gap_s,
        )

    def moments(
        self, caption: str | EncodedCaption, clip: Clip, *, limit: int = 20
    ) -> list[Moment]:
        """Parts of a clip that answer a caption, best first; none overlaps a better one.

        Args:
            caption: text, or from `encode_text`.
            clip: from `encode_file` or a library.
            limit: how many at most.
        """
        encoded = self.encode_text(caption) if isinstance(caption, str) else caption
        windows = self._windows(encoded, clip)
        scores = self._calibrated(encoded, windows.raw)
        chosen: list[Moment] = []
        for index in np.argsort(-windows.raw, kind="stable"):
            if len(chosen) == limit:
                break
            part = self._part(clip, int(windows.starts[index]), int(windows.lengths[index]))
            moment = self._moment(encoded, *part, float(scores[index]))
            if all(moment.end_s <= m.start_s or moment.start_s >= m.end_s for m in chosen):
                chosen.append(moment)
        return chosen

    def _part(self, clip: Clip, start: int, length: int) -> tuple[Clip, float]:
        """The frames of a clip from `start` on as a clip of its own, and its start in seconds."""
        end = min(start + length, len(clip.frames))
        last = max(start, end - self.bundle.window_frames)
        inside = (clip.window_starts >= start) & (clip.window_starts <= last)
        offset_s = float(clip.frame_edges_s[start])
        edges = clip.frame_edges_s[start : end + 1] - offset_s
        part = Clip(
            frames=clip.frames[start:end],
            mask=clip.mask[start:end],
            frame_edges_s=edges,
            windows=clip.windows[inside],
            window_starts=clip.window_starts[inside] - start,
            duration_s=float(edges[-1]),
        )
        return part, offset_s

    def _moment(self, caption: EncodedCaption, part: Clip, offset_s: float, score: float) -> Moment:
        """A window, grounded and narrowed to the hull of what was wanted and heard in it."""
        grounding = _shifted(replace(self.ground(caption, part), score=score), offset_s)
        wanted = [
            segment
            for phrase, rank in zip(grounding.phrases, caption.rank, strict=True)
            for segment in phrase.segments
            if rank != NEGATED
        ]
        start_s = min((s.start_s for s in wanted), default=offset_s)
        end_s = max((s.end_s for s in wanted), default=offset_s + part.duration_s)
        return Moment(start_s, end_s, score, grounding)


def load_bundle(name_or_path: str | Path = "starter", *, threads: int | None = None) -> Model:
    """Load a bundle by installed name or by its folder.

    Raises:
        TokenAlignError: there is no such bundle, or it is damaged.
    """
    return Model(find_bundle(name_or_path), threads=threads)


def _session(path: Path, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own for each status
        raise TokenAlignError(
            f"{path}: not a graph that ONNX Runtime can run ({error})",
            "copy the bundle again from where it came from, or reinstall tokenalign",
        ) from error


def _attention(token_vectors: FloatArray, frames: FloatArray) -> FloatArray:
    """Where each token listens: softmax over frames of its similarity, [N, M]."""
    logits = ATTENTION_SHARPNESS * (token_vectors @ frames.T)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    attention: FloatArray = weights / weights.sum(axis=1, keepdims=True)
    return attention


def _shifted(grounding: Grounding, offset_s: float) -> Grounding:
    """The same grounding on the time axis of the whole file."""
    edges = grounding.frame_edges_s + offset_s
    phrases = tuple(
        replace(
            phrase,
            frame_edges_s=edges,
            segments=tuple(
                Segment(s.start_s + offset_s, s.end_s + offset_s, s.score) for s in phrase.segments
            ),
        )
        for phrase in grounding.phrases
    )
    return replace(grounding, phrases=phrases, frame_edges_s=edges)
