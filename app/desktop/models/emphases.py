"""Emphases on phrases, in words, and how they outlive an edited caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenalign.query import Query
from tokenalign.refinement import Emphasis


@dataclass(frozen=True)
class Wording:
    """How an emphasis is told.

    Attributes:
        choice: in the menu.
        key: gives it to a focused chip; none for the plain one.
        mark: on the chip.
        tip: what it does.
    """

    choice: str
    key: str
    mark: str
    tip: str


WORDINGS = {
    Emphasis.NORMAL: Wording("Normal", "0", "", "counts as written"),
    Emphasis.REQUIRED: Wording("Required", "R", "must", "sounds without it are left out"),
    Emphasis.BOOSTED: Wording("Boosted", "B", "+", "counts more"),
    Emphasis.MUTED: Wording("Muted", "M", "quiet", "is shown where it sounds, but not counted"),
    Emphasis.NEGATED: Wording("Negated", "N", "not", "must not sound"),
    Emphasis.REMOVED: Wording("Removed", "Del", "off", "is left out of the search"),
}
"""In the order of the menu."""

LADDER = (
    Emphasis.NEGATED,
    Emphasis.MUTED,
    Emphasis.NORMAL,
    Emphasis.BOOSTED,
    Emphasis.REQUIRED,
)
"""From unwanted to wanted: what the wheel climbs."""


def climbed(emphasis: Emphasis, steps: int) -> Emphasis:
    """The emphasis so many steps further up the ladder, which has two ends."""
    place = LADDER.index(emphasis if emphasis in LADDER else Emphasis.NORMAL)
    return LADDER[min(max(place + steps, 0), len(LADDER) - 1)]


def carried(before: Query, emphases: Sequence[Emphasis], after: Query) -> tuple[Emphasis, ...]:
    """Emphases for a changed caption: phrases that read the same keep theirs, in order."""
    kept: dict[str, list[Emphasis]] = {}
    for phrase, emphasis in zip(before.phrases, emphases, strict=True):
        kept.setdefault(phrase.text, []).append(emphasis)
    return tuple(
        kept[phrase.text].pop(0) if kept.get(phrase.text) else Emphasis.NORMAL
        for phrase in after.phrases
    )
