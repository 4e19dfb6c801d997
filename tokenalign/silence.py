"""Frames in which nothing sounds: they match no phrase, however near the next event is.

A frame's vector is made from seconds of context, so that it leans towards a sound that has not
begun. How loud the frame itself is tells the two apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import FrontEnd
from tokenalign.clip import FloatArray

SILENT_DB = 50.0
"""So far below the loudest frame around it, a frame is silent: next to it, nobody would hear it."""

LEAST_POWER = 1e-12


def frame_levels_db(
    mel: FloatArray, front_end: FrontEnd, *, mel_frames_per_frame: int
) -> FloatArray:
    """How loud frames are: the loudest of their mel frames, summed over bands.

    Args:
        mel: [T, F] log-mel, T a multiple of `mel_frames_per_frame`.
        front_end: that it was made with.
        mel_frames_per_frame: how many make one frame.

    Returns:
        [M], in dB with an arbitrary reference.
    """
    power = np.exp(mel * np.float32(front_end.scale) - np.float32(front_end.offset))
    total = np.maximum(power - np.float32(front_end.floor), 0.0).sum(axis=1)
    loudest = total.reshape(-1, mel_frames_per_frame).max(axis=1)
    levels: FloatArray = 10 * np.log10(loudest + np.float32(LEAST_POWER))
    return levels


def is_silent(levels_db: FloatArray, *, reach_frames: int) -> NDArray[np.bool_]:
    """Which frames [M] are `SILENT_DB` below the loudest of those within reach on either side.

    Args:
        levels_db: [M].
        reach_frames: how far loud frames count.
    """
    padded = np.pad(levels_db, reach_frames, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach_frames + 1)
    silent: NDArray[np.bool_] = levels_db < around.max(axis=1) - np.float32(SILENT_DB)
    return silent
