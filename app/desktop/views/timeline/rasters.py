"""Arrays to images: one byte a pixel and a table of colours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, qRgba

Bytes = NDArray[np.uint8]


def image_of(values: Bytes, colours: Sequence[int]) -> QImage:
    """An image [H, W] whose pixels are numbers in a table of 256 colours."""
    height, width = values.shape
    if not values.size:
        return QImage()
    held = np.ascontiguousarray(values)
    image = QImage(held.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(list(colours))
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def veil(coverage: Bytes, colour: QColor) -> QImage:
    """An image [H, W] of one colour, as opaque as the coverage says."""
    return image_of(coverage, _veils(colour.rgb()))


def bytes_of(shares: NDArray[np.floating]) -> Bytes:
    """Shares on [0, 1] as bytes."""
    scaled: Bytes = (shares.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    return scaled


@lru_cache(maxsize=64)
def _veils(rgb: int) -> tuple[int, ...]:
    colour = QColor(rgb)
    parts = colour.red(), colour.green(), colour.blue()
    return tuple(qRgba(*parts, alpha) for alpha in range(256))
