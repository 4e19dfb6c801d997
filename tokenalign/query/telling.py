"""The words of a caption that may stand in a sound's name, its tags or its transcript."""

from __future__ import annotations

from tokenalign.query.types import NEGATED, Query

# Words that say nothing about which file is meant.
_FILLERS = frozenset((
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "into", "is", "it", "its", "noise",
    "of", "off", "on", "or", "out", "over", "some", "someone", "something", "sound", "sounding",
    "sounds", "that", "the", "their", "there", "they", "this", "to", "up", "was", "were", "with",
))  # fmt: skip


def telling_words(query: Query) -> str:
    """The words of the wanted phrases that may stand in a name: no "the", no "sound of"."""
    wanted = " ".join(phrase.text for phrase in query.phrases if phrase.rank != NEGATED)
    words = (word.strip(".,;:!?'\"“”") for word in wanted.split())
    return " ".join(word for word in words if word and word.casefold() not in _FILLERS)
