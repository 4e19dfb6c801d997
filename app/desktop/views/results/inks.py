"""The table's colours, from the palette and the theme's lanes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QPalette

from app.desktop.theme import is_dark, lane_colour

STAR = 1
"""The lane whose colour stars have, an orange."""


@dataclass(frozen=True)
class Inks:
    """What the cells are drawn in.

    Attributes:
        dark: whether the ground is darker than the text.
        ground: behind the rows.
        chosen: behind selected rows of the view that has the focus.
        chosen_away: behind selected rows while the focus is elsewhere.
        mark: the edge of the current row, the overall bar.
        text: names.
        quiet: facts.
        faint: outlines, empty stars, tracks of bars.
        line: between rows.
        wave: the sound outside the best moment.
        moment: the sound within it.
        shade: behind it.
        star: of favourites.
    """

    dark: bool
    ground: QColor
    chosen: QColor
    chosen_away: QColor
    mark: QColor
    text: QColor
    quiet: QColor
    faint: QColor
    line: QColor
    wave: QColor
    moment: QColor
    shade: QColor
    star: QColor

    def lane(self, index: int) -> QColor:
        """The colour of a phrase."""
        return lane_colour(index, dark=self.dark)


def inks_of(palette: QPalette) -> Inks:
    """The colours that go with a palette."""
    names = (palette.base(), palette.text(), palette.highlight())
    return _inks(*(brush.color().name() for brush in names), is_dark(palette))


@lru_cache(maxsize=8)
def _inks(base: str, ink: str, highlight: str, dark: bool) -> Inks:
    ground, text, mark = QColor(base), QColor(ink), QColor(highlight)
    shade = QColor(mark)
    shade.setAlphaF(0.20 if dark else 0.11)
    return Inks(
        dark=dark,
        ground=ground,
        chosen=mixed(mark, ground, 0.34 if dark else 0.17),
        chosen_away=mixed(text, ground, 0.12 if dark else 0.08),
        mark=mark,
        text=text,
        quiet=mixed(text, ground, 0.66),
        faint=mixed(text, ground, 0.26),
        line=mixed(text, ground, 0.07),
        wave=mixed(text, ground, 0.40),
        moment=mixed(mixed(mark, text, 0.6), ground, 0.95),
        shade=shade,
        star=lane_colour(STAR, dark=dark),
    )


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """So much of the one, the rest of the other."""
    pairs = (
        (one.redF(), other.redF()),
        (one.greenF(), other.greenF()),
        (one.blueF(), other.blueF()),
    )
    return QColor.fromRgbF(*(share * first + (1 - share) * second for first, second in pairs))
