"""Run a bundle's matching graph: the best windows are judged with the whole caption beside them.

What the graph says holds for the pair that it was shown. Nothing of it is kept.

Shapes: C windows, M frames, P phrases, W tokens, D width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenalign.bundle import RERANK, Bundle, Reranking
from tokenalign.bundle_files import open_graph
from tokenalign.clip import FloatArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from tokenalign.window_batch import WindowBatch

CHUNK = 64
"""Windows judged in one run of the graph: so many states stay in the processor's memory."""


class Reranker:
    """Adds what the matching graph says to raw scores.

    Args:
        session: the graph, ``tokens [W, D], token_mask [W], frames [C, M, D], mask [C, M] ->
            logits [C]``.
        reranking: how it counts.
        window_frames: frames of a full window; longer ones are condensed.
    """

    def __init__(
        self, session: InferenceSession, reranking: Reranking, *, window_frames: int
    ) -> None:
        self._session = session
        self._reranking = reranking
        self._window_frames = window_frames

    def judges(self, rank: NDArray[np.int64]) -> bool:
        """Whether a caption with these ranks [P] is judged."""
        groups = rank[rank >= 0]
        return self._reranking.captions == "all" or len(np.unique(groups)) < len(groups)

    def stride(self, windows: int) -> int:
        """Every how many-th of so many windows leaves no more than a search judges."""
        return -(-windows // self._reranking.most) or 1

    def added(
        self,
        tokens: FloatArray,
        raw: FloatArray,
        batch: WindowBatch,
        frame_scores: FloatArray,
        *,
        most: int | None = None,
    ) -> FloatArray:
        """Raw scores [C] with the weighed probability that caption and window belong together.

        Windows that are not judged get the least there is (0), so that none overtakes by that.

        Args:
            tokens: [W, D] of the caption; without any, nothing is judged.
            raw: [C] scores of the alignment; windows at -inf stay out.
            batch: the windows.
            frame_scores: [C, P, M] of the alignment.
            most: how many windows are judged; None: as many as the bundle says.
        """
        most = self._reranking.most if most is None else most
        chosen = np.argsort(-raw, kind="stable")[:most]
        chosen = chosen[np.isfinite(raw[chosen])]
        if not len(tokens) or not len(chosen):
            return raw
        frames, mask = batch.frames[chosen], batch.mask[chosen]
        if frames.shape[1] > self._window_frames:
            frames, mask = condensed(frames, mask, frame_scores[chosen], self._window_frames)
        judged = raw.copy()
        judged[chosen] += self._reranking.weight * self._probability(tokens, frames, mask)
        return judged

    def _probability(
        self, tokens: FloatArray, frames: FloatArray, mask: NDArray[np.bool_]
    ) -> FloatArray:
        caption = {"tokens": tokens, "token_mask": np.ones(len(tokens), bool)}
        logits = [
            self._session.run(
                None,
                {**caption, "frames": frames[n : n + CHUNK], "mask": mask[n : n + CHUNK]},
            )[0]
            for n in range(0, len(frames), CHUNK)
        ]
        odds: FloatArray = np.concatenate(logits)
        return ((1.0 + np.tanh(odds / 2)) / 2).astype(np.float32)  # a logistic, at any odds


def open_reranker(bundle: Bundle, threads: int | None) -> Reranker | None:
    """What judges a bundle's windows again, where it has that.

    Args:
        bundle: whose.
        threads: of ONNX Runtime; None: as many as there are cores.

    Raises:
        TokenAlignError: the graph is damaged.
    """
    if bundle.reranking is None:
        return None
    graph = open_graph(bundle.path / RERANK, threads)
    return Reranker(graph, bundle.reranking, window_frames=bundle.window_frames)


def condensed(
    frames: FloatArray, mask: NDArray[np.bool_], frame_scores: FloatArray, count: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The frames nearest to any phrase, in their order: what lies between is left out.

    The graph knows windows. In a wide one, "A, then B" may lie a minute apart.

    Args:
        frames: [C, M, D], M > count.
        mask: [C, M] bool.
        frame_scores: [C, P, M].
        count: frames that are kept.

    Returns:
        [C, count, D] and [C, count].
    """
    nearest = np.where(mask, frame_scores.max(axis=1), -np.inf)
    kept = np.sort(np.argsort(-nearest, axis=1, kind="stable")[:, :count], axis=1)
    rows = np.arange(len(frames))[:, None]
    return frames[rows, kept], mask[rows, kept]
