"""The small outline of a sound as an image: one column of pixels a stretch, smooth edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from tokenalign.audio.peaks import Peaks

LOUDEST_AT_LEAST = 0.1
"""A sound whose loudest sample is below this is not drawn as loud as the others."""


def coverage(peaks: Peaks, width: int, height: int) -> NDArray[np.float32]:
    """How much of each pixel the outline covers.

    Args:
        peaks: the outline; what is left of a sound that ends early stays empty.
        width: pixels of the whole sound.
        height: pixels from the loudest down to its negative.

    Returns:
        [height, width], [0, 1].
    """
    starts = np.arange(width) * len(peaks.low) // width
    high, low = np.maximum.reduceat(peaks.high, starts), np.minimum.reduceat(peaks.low, starts)
    loudest = max(LOUDEST_AT_LEAST, float(high.max()), float(-low.min()))
    top = height / 2 * (1 - high / loudest)
    bottom = np.maximum(height / 2 * (1 - low / loudest), top + 1)  # silence is a line
    rows = np.arange(height)[:, None]
    covered = np.minimum(rows + 1, bottom) - np.maximum(rows, top)
    shares: NDArray[np.float32] = np.clip(covered, 0.0, 1.0).astype(np.float32)
    return shares


def wave_image(
    peaks: Peaks,
    *,
    width: int,
    height: int,
    moment: tuple[int, int],
    inks: tuple[QColor, QColor],
) -> QImage:
    """The outline in colour.

    Args:
        peaks: the outline.
        width: in pixels of the screen.
        height: the same.
        moment: columns of the best moment: the first, and the one behind the last.
        inks: of the sound, and of the moment.
    """
    colours = np.empty((width, 3), np.float32)
    colours[:] = _rgb(inks[0])
    colours[moment[0] : moment[1]] = _rgb(inks[1])
    covered = coverage(peaks, width, height)[:, :, None]
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:, :, :3] = np.round(255 * covered * colours)
    pixels[:, :, 3:] = np.round(255 * covered)
    form = QImage.Format.Format_RGBA8888_Premultiplied
    return QImage(pixels.tobytes(), width, height, 4 * width, form).copy()


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
