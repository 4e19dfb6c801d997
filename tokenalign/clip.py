"""An encoded piece of audio: what the model keeps of a file, whatever the file's length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Clip:
    """Frames and window vectors of one file.

    Frames stand on one grid from the file's start; window w covers the frames from
    ``window_starts[w]`` on, `Bundle.window_frames` of them or as many as there are.

    Attributes:
        frames: [M, D] float32, one vector every frame hop, norm at most 1.
        mask: [M] bool, True where the frame holds audio (all of them, for a single file).
        frame_edges_s: [M + 1] seconds; frame m lasts from edge m to edge m + 1.
        windows: [W, D] float32 unit vectors, each the gist of one window.
        window_starts: [W] int64, the first frame of each window.
        duration_s: length of the audio.
    """

    frames: FloatArray
    mask: NDArray[np.bool_]
    frame_edges_s: NDArray[np.float64]
    windows: FloatArray
    window_starts: NDArray[np.int64]
    duration_s: float


def frame_edges(frame_count: int, frame_hop_s: float, duration_s: float) -> NDArray[np.float64]:
    """Times between frames, [frame_count + 1] seconds; the last edge is the audio's end."""
    edges: NDArray[np.float64] = np.minimum(np.arange(frame_count + 1) * frame_hop_s, duration_s)
    return edges


def window_starts(frame_count: int, window_frames: int, hop_frames: int) -> NDArray[np.int64]:
    """First frames of the windows that cover `frame_count` frames, [W] with W >= 1.

    Windows start every `hop_frames`; the last one reaches the last frame.
    """
    beyond_first = max(0, frame_count - window_frames)
    return np.arange(0, 1 + -(-beyond_first // hop_frames), dtype=np.int64) * hop_frames
