"""Text from the clipboard and from other programs, made fit for one line."""

from __future__ import annotations

from PySide6.QtGui import QValidator

LONGEST = 2000
"""Characters of a caption."""

_JOINERS = "\u200c\u200d"
"""Invisible, harmless, and needed to spell several scripts and emoji."""


def tamed(text: str) -> str:
    """At most LONGEST characters; a space for each that breaks lines or cannot be printed."""
    return "".join(c if c.isprintable() or c in _JOINERS else " " for c in text[:LONGEST])


def units(text: str) -> int:
    """Length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Tamer(QValidator):
    """Tames whatever comes into a line edit, on whatever way, and takes all of it."""

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """The tamed text, and where the cursor stands in it."""
        line = tamed(text)
        return QValidator.State.Acceptable, line, min(place, units(line))
