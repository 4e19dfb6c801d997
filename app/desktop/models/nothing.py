"""Why there are no rows, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.desktop.actions import keys_of
from app.desktop.models.conditions import FAVOURITE, parts_of
from app.desktop.models.text import plain_text


class Remedy(StrEnum):
    """What a person can do about it, as buttons say it."""

    BY_SOUND = "Search by sound instead"
    NO_FILTERS = "Reset the filters"
    ADD_FOLDER = "Add folder…"
    DEMO = "Try with demo sounds"


@dataclass(frozen=True)
class Nothing:
    """Said in place of rows.

    Attributes:
        text: what is so.
        remedies: what helps, the most likely first.
    """

    text: str
    remedies: tuple[Remedy, ...] = ()


NO_SOUNDS = Nothing(
    "No sounds yet. Add a folder of sounds to begin, or drop one here.",
    (Remedy.ADD_FOLDER, Remedy.DEMO),
)
"""Said of an empty library."""


def nothing_here(*, words: str, where: str, ranked: bool) -> Nothing:
    """Why a list is empty.

    Args:
        words: what was looked for in names, tags and transcripts; empty if nothing was.
        where: the filter.
        ranked: whether the list was to be ranked by what sounds.
    """
    named = f"“{plain_text(words)}”"
    if words and where:
        return Nothing(
            f"No sound that matches the filters has {named} in its name, tags or transcript.",
            (Remedy.NO_FILTERS, Remedy.BY_SOUND),
        )
    if words:
        return Nothing(f"No name, tag or transcript has {named}.", (Remedy.BY_SOUND,))
    if parts_of(where) == (FAVOURITE,):
        text = f"No favourites yet: {keys_of('favourite')} or the star marks a sound."
        return Nothing(text, (Remedy.NO_FILTERS,))
    if where:
        return Nothing("No sound matches the filters.", (Remedy.NO_FILTERS,))
    if ranked:
        return Nothing("Nothing was found.")
    return NO_SOUNDS
