"""Windows of clips, as the alignment graph takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio_encoding import windowed
from tokenalign.clip import Clip, FloatArray


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


def windows_of(clips: Sequence[Clip], length: int) -> WindowBatch:
    """All windows of clips, `length` frames each."""
    parts = [windowed(clip.frames, clip.window_starts, length) for clip in clips]
    frames, mask = (np.concatenate(part) for part in zip(*parts, strict=True))
    return WindowBatch(frames, mask, np.concatenate([clip.windows for clip in clips]))
