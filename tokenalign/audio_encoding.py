"""Run a bundle's audio graph over log-mel of any length, at flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenalign.batching import Batches
from tokenalign.bundle import Bundle
from tokenalign.clip import Clip, FloatArray, frame_edges, window_starts
from tokenalign.errors import TokenAlignError
from tokenalign.silence import frame_levels_db, is_silent

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BLOCK_FRAMES = 256
"""Frames encoded at a time (41 s): the overlap for context costs little, memory stays small."""

AT_ONCE = 32
"""Windows whose vectors are computed in one run of their graph."""

LENGTH_STEP_FRAMES = 8
"""Where pieces of equal length run together, short ones have lengths in such steps."""


class AudioEncoder:
    """Log-mel to clips.

    Args:
        bundle: sizes of the frame grid.
        graph: ``mel [T, F] -> frames [M, D], gist [M, D]``, for one piece at a time.
        windows: ``frames [C, M, D], mask [C, M] -> windows [C, D]``; without it a window's vector
            is the unit sum of its gists.
    """

    def __init__(
        self,
        bundle: Bundle,
        graph: Batches,
        windows: InferenceSession | None = None,
    ) -> None:
        self._bundle = bundle
        self._graph = graph
        self._windows = windows

    def encode(self, blocks: Iterable[FloatArray], duration_s: float | None = None) -> Clip:
        """Encode log-mel that arrives in blocks.

        Args:
            blocks: [T_i, F] each, of any length.
            duration_s: length of the audio; by default what the frames span.

        Raises:
            TokenAlignError: there is no audio in it.
        """
        frames, gists, levels = [], [], []
        for mel, first, last in self._with_context(blocks):
            block_frames, block_gist = self._graph.run(mel)
            frames.append(block_frames[first:last])
            gists.append(block_gist[first:last])
            levels.append(self._levels_db(mel)[first:last])
        if not frames:
            raise TokenAlignError("there is no audio to encode", "give at least one sample")
        if duration_s is None:
            duration_s = sum(map(len, frames)) * self._bundle.frame_hop_s
        silent = is_silent(np.concatenate(levels), reach_frames=self._bundle.window_frames)
        sounding = np.where(silent[:, np.newaxis], np.float32(0), np.concatenate(frames))
        return self._clip(sounding, np.concatenate(gists), duration_s)

    def _levels_db(self, mel: FloatArray) -> FloatArray:
        """Levels [M] of the frames of a piece [T, F]."""
        per_frame = self._bundle.mel_frames_per_frame
        return frame_levels_db(mel, self._bundle.front_end, mel_frames_per_frame=per_frame)

    def _with_context(self, blocks: Iterable[FloatArray]) -> Iterator[tuple[FloatArray, int, int]]:
        """Cut a stream into overlapping pieces whose inner frames see all they can reach.

        Yields:
            mel [T, F] with T a multiple of the frame, and the inner frames [first, last).
        """
        front_end = self._bundle.front_end
        per_frame = self._bundle.mel_frames_per_frame
        context = self._bundle.context_frames
        full = (BLOCK_FRAMES + 2 * context) * per_frame
        kept = np.empty((0, front_end.mel_bands), np.float32)
        before = 0  # frames of context at the front of `kept`
        for block in blocks:
            kept = np.concatenate([kept, block])
            while len(kept) > full:
                inner = full // per_frame - before - context
                yield kept[:full], before, before + inner
                kept = kept[(before + inner - context) * per_frame :]
                before = context
        if len(kept) > before * per_frame:
            last = -(-len(kept) // per_frame)
            padded = last if before else self._with_silence(last)
            missing = padded * per_frame - len(kept)
            kept = np.pad(kept, ((0, missing), (0, 0)), constant_values=front_end.quiet)
            yield kept, before, last

    def _with_silence(self, frames: int) -> int:
        """Frames to encode of a stream this short: past its end, silence as far as it can reach.

        In training, too, short scenes end in silence: so an event scores the same in a file of
        three seconds as in one of ten. More silence reaches none of its frames, and may give it
        the length of others.
        """
        step = LENGTH_STEP_FRAMES if self._graph.are_made else 1
        heard = -(-(frames + self._bundle.context_frames) // step) * step
        return max(frames, min(heard, self._bundle.window_frames))

    def _clip(self, frames: FloatArray, gist: FloatArray, duration_s: float) -> Clip:
        count = len(frames)
        starts = window_starts(count, self._bundle.window_frames, self._bundle.window_hop_frames)
        return Clip(
            frames=frames,
            mask=np.ones(count, bool),
            frame_edges_s=frame_edges(count, self._bundle.frame_hop_s, duration_s),
            windows=self._window_vectors(frames, gist, starts),
            window_starts=starts,
            duration_s=duration_s,
        )

    def _window_vectors(
        self, frames: FloatArray, gist: FloatArray, starts: NDArray[np.int64]
    ) -> FloatArray:
        """Vectors [C, D] of the windows that begin at these frames."""
        if self._windows is not None:
            groups = [starts[first : first + AT_ONCE] for first in range(0, len(starts), AT_ONCE)]
            return np.concatenate([self._encoded(frames, group) for group in groups])
        length = self._bundle.window_frames
        sums = np.stack([gist[start : start + length].sum(axis=0) for start in starts])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: FloatArray = (sums / np.maximum(lengths, 1e-9)).astype(np.float32)
        return vectors

    def _encoded(self, frames: FloatArray, starts: NDArray[np.int64]) -> FloatArray:
        assert self._windows is not None
        inside, mask = windowed(frames, starts, self._bundle.window_frames)
        outputs: list[FloatArray] = self._windows.run(None, {"frames": inside, "mask": mask})
        return outputs[0]


def windowed(
    rows: NDArray[np.float32], starts: NDArray[np.int64], length: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Ranges of frames as a batch.

    Args:
        rows: [M, D].
        starts: [C] first frames.
        length: frames of each range.

    Returns:
        [C, length, D], zero past the last frame, and the mask [C, length].
    """
    index = starts[:, np.newaxis] + np.arange(length)
    mask = index < len(rows)
    picked = rows[np.minimum(index, len(rows) - 1)]
    return np.where(mask[..., np.newaxis], picked, 0.0).astype(np.float32), mask
