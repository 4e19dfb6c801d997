"""Run a bundle: audio and captions to vectors, vectors to scores, scores to spans.

One model scores everything the same way: search, moments and grounding all go through
`tokenalign.scoring`. No torch here; the graphs run in ONNX Runtime.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenalign.acceleration import open_audio_graph
from tokenalign.audio import LogMel, probe, stream_mono, to_mono
from tokenalign.audio_encoding import AudioEncoder
from tokenalign.batching import Batches
from tokenalign.bundle import WINDOWS, Bundle, find_bundle
from tokenalign.bundle_files import open_array, open_graph, open_tokenizer
from tokenalign.caption_encoding import CaptionEncoder, EncodedCaption
from tokenalign.clip import Clip, FloatArray
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.grounder import Grounder
from tokenalign.grounding import Grounding
from tokenalign.moment import Moment, narrowed
from tokenalign.query.types import Relation
from tokenalign.refinement import Emphasis, refined
from tokenalign.reranking import open_reranker
from tokenalign.scoring import Contenders, Scorer, WindowScores
from tokenalign.window_batch import WindowBatch

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class Model:
    """A bundle, loaded.

    Args:
        bundle: what to load; its files are not verified here (see `Bundle.verify`).
        threads: threads of ONNX Runtime; by default as many as there are cores.
    """

    def __init__(self, bundle: Bundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        self._mel = LogMel(bundle.front_end)
        audio = open_audio_graph(bundle.path / "audio.onnx", threads)
        self._audio = AudioEncoder(bundle, Batches(audio), _window_graph(bundle, threads))
        self._captions = CaptionEncoder(
            open_graph(bundle.path / "text.onnx", threads),
            open_tokenizer(bundle.path / "tokenizer.json"),
            whole=bundle.reranking is not None,
            familiar=bundle.thresholds.familiar,
        )
        align = open_graph(bundle.path / "align.onnx", threads)
        self._scorer = Scorer(bundle, align, _background(bundle), open_reranker(bundle, threads))
        self._grounder = Grounder(bundle)

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
        return self._scorer.on_scale(self._captions.encode(caption))

    def refined(self, caption: EncodedCaption, emphases: Sequence[Emphasis]) -> EncodedCaption:
        """The caption with these emphases instead of its own; see `tokenalign.refinement`.

        No text is encoded.

        Args:
            caption: from `encode_text`, or refined before.
            emphases: one for each phrase of ``caption.query``, or none to have all normal again.

        Raises:
            TokenAlignError: nothing is left to look for.
        """
        return self._scorer.on_scale(refined(caption, emphases))

    def align(
        self,
        caption: EncodedCaption,
        frames: FloatArray,
        mask: NDArray[np.bool_],
        windows: FloatArray,
    ) -> WindowScores:
        """What the alignment graph gives for the scored rows; arguments as in `rank_windows`."""
        return self._scorer.align(caption.scored, WindowBatch(frames, mask, windows))

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
        raw = self._scorer.raw(caption, WindowBatch(frames, mask, windows))
        return self._scorer.calibrated(caption, raw)

    def score(self, captions: Sequence[str], clips: Sequence[Clip]) -> FloatArray:
        """Scores of all captions against all clips, [captions, clips] on [0, 1].

        A clip scores as its best window does; each pair is scored by itself. A bundle that reranks
        does so with each caption's best windows among all clips.
        """
        return self._scores(self._scorer.best, captions, clips)

    def first_stage(self, captions: Sequence[str], clips: Sequence[Clip]) -> FloatArray:
        """What a bundle that reranks chooses each caption's best windows by, [captions, clips]."""
        return self._scores(self._scorer.first_stage, captions, clips)

    def _scores(
        self,
        scored: Callable[[EncodedCaption, Sequence[Clip], WindowBatch], FloatArray],
        captions: Sequence[str],
        clips: Sequence[Clip],
    ) -> FloatArray:
        if not captions or not clips:
            return np.empty((len(captions), len(clips)), np.float32)
        batch = self._scorer.batch(clips)
        return np.stack([scored(self.encode_text(one), clips, batch) for one in captions])

    def ground(self, caption: str | EncodedCaption, clip: Clip) -> Grounding:
        """Which parts of a clip match which phrase.

        Args:
            caption: text, or from `encode_text`.
            clip: from `encode_file` or `encode_audio`.
        """
        encoded = self.encode_text(caption) if isinstance(caption, str) else caption
        contenders = self._scorer.contenders(encoded, clip)
        score = float(self._scorer.calibrated(encoded, contenders.raw.max(keepdims=True))[0])
        whole, aligned = slice(0, len(clip.frames)), self._shown(encoded, clip, contenders)
        return self._grounder.ground(encoded, clip, whole, aligned, score=score)

    def moments(
        self, caption: str | EncodedCaption, clip: Clip, *, limit: int = 20
    ) -> list[Moment]:
        """Parts of a clip that answer a caption, best first; none overlaps a better one.

        Parts in which a required phrase fails are left out.

        Args:
            caption: text, or from `encode_text`.
            clip: from `encode_file` or a library.
            limit: how many at most.
        """
        encoded = self.encode_text(caption) if isinstance(caption, str) else caption
        contenders = self._scorer.contenders(encoded, clip)
        scores = self._scorer.calibrated(encoded, contenders.raw)
        aligned = self._shown(encoded, clip, contenders)
        chosen: list[Moment] = []
        for index in np.argsort(-contenders.raw, kind="stable"):
            if len(chosen) == limit or contenders.raw[index] == -np.inf:
                break
            frames = contenders.frames(int(index), clip)
            grounding = self._grounder.ground(
                encoded, clip, frames, aligned, score=float(scores[index])
            )
            edges_s = clip.frame_edges_s[[frames.start, frames.stop]]
            moment = narrowed(
                encoded, grounding, part_s=edges_s.tolist(), border=self.bundle.thresholds.frame
            )
            if not _meets(encoded, moment.grounding):  # a wide one may hear a phrase in no window
                continue
            if all(moment.end_s <= m.start_s or moment.start_s >= m.end_s for m in chosen):
                chosen.append(moment)
        return chosen

    def _shown(self, caption: EncodedCaption, clip: Clip, contenders: Contenders) -> WindowScores:
        """What the graph says of the shown phrases in a clip's windows.

        Contenders have been aligned with the scored rows, which are these but for emphases.
        """
        if not caption.emphases:
            return contenders.aligned
        return self._scorer.align(caption.shown, self._scorer.batch([clip]))


def load_bundle(name_or_path: str | Path = "starter", *, threads: int | None = None) -> Model:
    """Load a bundle by installed name or by its folder.

    Raises:
        TokenAlignError: there is no such bundle, or it is damaged.
    """
    return Model(find_bundle(name_or_path), threads=threads)


def _window_graph(bundle: Bundle, threads: int | None) -> InferenceSession | None:
    """The graph of window vectors, in bundles that have one."""
    return open_graph(bundle.path / WINDOWS, threads) if WINDOWS in bundle.sha256 else None


def _background(bundle: Bundle) -> WindowBatch:
    """The bundle's background of other scenes, full windows."""
    frames, windows = (
        open_array(bundle.path / f"background_{name}.npy") for name in ("frames", "windows")
    )
    return WindowBatch(frames, np.ones(frames.shape[:2], bool), windows)


def _meets(caption: EncodedCaption, grounding: Grounding) -> bool:
    """Whether every required phrase is found, and not found under "without"."""
    required = {phrase.start_char for phrase in caption.required_phrases}
    return all(
        phrase.found != (phrase.relation is Relation.WITHOUT)
        for phrase in grounding.phrases
        if phrase.start_char in required
    )
