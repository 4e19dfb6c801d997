"""How well an answer matches, in one honest line."""

from __future__ import annotations

from app.desktop.models.text import plain_text
from tokenalign.library import SearchAnswer


def verdict(answer: SearchAnswer) -> str:
    """What to say above the results; nothing when they match well."""
    if not answer.results:
        return ""
    if answer.unknown:
        names = " or ".join(f"“{plain_text(text)}”" for text in answer.unknown)
        return f"Nothing in this library sounds like {names}. The nearest guesses are below."
    if not answer.matches_well:
        return "Nothing matches well. The nearest guesses are below."
    return ""
