"""The timeline's colours: from the palette, the theme's lanes, and an even scale for levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtGui import QColor, QPalette, qRgb

from app.desktop.theme import is_dark, lane_colour


@dataclass(frozen=True)
class Inks:
    """What everything is drawn in.

    Attributes:
        dark: whether the ground is darker than the text.
        ground: behind tracks.
        margin: behind labels, scores and the ruler.
        text: of phrases.
        quiet: of relations, times and scores.
        line: between parts.
        grid: at round times.
        wave: the waveform.
        mark: the region, the best moment.
        edge: where the region ends, and the focus; stands out from what is marked.
        playhead: where it plays.
    """

    dark: bool
    ground: QColor
    margin: QColor
    text: QColor
    quiet: QColor
    line: QColor
    grid: QColor
    wave: QColor
    mark: QColor
    edge: QColor
    playhead: QColor

    def lane(self, index: int) -> QColor:
        """The colour of a phrase."""
        return lane_colour(index, dark=self.dark)


def inks_of(palette: QPalette) -> Inks:
    """The colours that go with a palette."""
    ground, text = palette.base().color(), palette.text().color()
    mark = palette.highlight().color()
    return Inks(
        dark=is_dark(palette),
        ground=ground,
        margin=palette.window().color(),
        text=text,
        quiet=mixed(text, ground, 0.62),
        line=mixed(text, ground, 0.17),
        grid=mixed(text, ground, 0.075),
        wave=mixed(mixed(mark, text, 0.35), ground, 0.72),
        mark=mark,
        edge=mixed(mark, text, 0.6),
        playhead=text,
    )


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """So much of the one, the rest of the other."""
    pairs = (
        (one.redF(), other.redF()),
        (one.greenF(), other.greenF()),
        (one.blueF(), other.blueF()),
    )
    return QColor.fromRgbF(*(a * share + b * (1 - share) for a, b in pairs))


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour, so opaque."""
    copy = QColor(colour)
    copy.setAlphaF(alpha)
    return copy


def legible_on(colour: QColor) -> QColor:
    """Black or white, whichever is read better on a colour."""
    light = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF()
    return QColor("black" if light > 0.55 else "white")


@cache
def level_scale(*, dark: bool) -> tuple[int, ...]:
    """256 colours from silence to loud, evenly apart in lightness.

    A line through the colour space Oklab (Ottosson 2020): lightness goes straight from the ground
    to the far end, the hue turns from blue over purple to yellow (on a light ground, to plum), and
    the middle is the most colourful.
    """
    share = np.linspace(0.0, 1.0, 256)
    lightness = 0.19 + 0.74 * share if dark else 0.99 - 0.71 * share
    hue = np.deg2rad(275 + 185 * share if dark else 245 + 90 * share)
    chroma = 0.01 + (0.15 if dark else 0.125) * np.sin(np.pi * share)
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    roots = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    to_linear = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = (to_linear @ roots**3).clip(0, 1)
    encoded = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return tuple(qRgb(*column) for column in np.round(encoded.T * 255).astype(int).tolist())
