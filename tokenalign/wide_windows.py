"""Windows of more than a minute, so that "A, then B" is found with other sounds between.

The more frames there are, the more of them come near to any phrase by chance, and a wide window
holds ten times those of a usual one. So it must win by more than chance gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio_encoding import windowed
from tokenalign.bundle import Bundle
from tokenalign.clip import Clip, FloatArray, window_starts
from tokenalign.query.types import NEGATED
from tokenalign.refinement import PhraseRows
from tokenalign.window_batch import WindowBatch

REACH_S = 60.0
"""Phrases in order of time are also found this far apart."""


@dataclass(frozen=True)
class WideSize:
    """Frames of a wide window, and from one to the next; whatever lies within reach lies in one."""

    length: int
    hop: int

    @classmethod
    def of(cls, bundle: Bundle) -> WideSize:
        """That of a bundle."""
        grid = bundle.window_hop_frames
        reach = round(REACH_S / bundle.frame_hop_s) + bundle.window_frames
        hop = reach // 2 // grid * grid
        return cls(reach + hop, hop)


class WideWindows(NamedTuple):
    """Wide windows of a clip.

    Attributes:
        starts: [C] first frames.
        batch: the windows; their gists are those of the windows inside that are nearest to each
            wanted phrase, and so belong to one caption.
    """

    starts: NDArray[np.int64]
    batch: WindowBatch


def wide_windows(rows: PhraseRows, clip: Clip, size: WideSize) -> WideWindows:
    """The wide windows that cover a clip.

    Args:
        rows: of the caption, [P, D].
        clip: of any length.
        size: of the windows.
    """
    starts = window_starts(len(clip.frames), size.length, size.hop)
    frames, mask = windowed(clip.frames, starts, size.length)
    inside = [
        (clip.window_starts >= start) & (clip.window_starts < start + size.length)
        for start in starts
    ]
    gists = np.stack([_gist(rows, clip.windows[own]) for own in inside])
    return WideWindows(starts, WindowBatch(frames, mask, gists))


def scenes_in_a_row(background: WindowBatch, size: WideSize) -> NDArray[np.int64]:
    """Which scenes [C, M, D] of a background fill wide windows, each once if there are enough.

    Returns:
        [G, N] numbers of scenes.
    """
    count, frames = background.mask.shape
    each = -(-size.length // frames)
    return np.resize(np.arange(count), (max(1, count // each), each))


def joined(rows: PhraseRows, background: WindowBatch, order: NDArray[np.int64]) -> WindowBatch:
    """Scenes that have nothing to do with each other, one behind the other in wide windows.

    Args:
        rows: of the caption, [P, D].
        background: scenes of M frames.
        order: [G, N] from `scenes_in_a_row`.

    Returns:
        G windows of N * M frames.
    """
    groups, width = len(order), background.frames.shape[-1]
    return WindowBatch(
        frames=background.frames[order].reshape(groups, -1, width),
        mask=background.mask[order].reshape(groups, -1),
        windows=np.stack([_gist(rows, own) for own in background.windows[order]]),
    )


def _gist(rows: PhraseRows, candidates: FloatArray) -> FloatArray:
    """Unit sum of the windows [W, D] that are nearest to each wanted phrase, [D]."""
    nearest = (rows.phrases[rows.rank != NEGATED] @ candidates.T).argmax(axis=1)
    total = candidates[np.unique(nearest)].sum(axis=0)
    unit: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit
